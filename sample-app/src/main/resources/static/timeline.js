// Draws connections over time: a bar in the colour of each state, a mark for each GOAWAY, a thin bar for each request of the page.

const NAMESPACE = 'http://www.w3.org/2000/svg';
const WIDTH = 900;
const LEFT = 130;
const ROW = 30;
const REQUEST_ROW = 14;
const MAX_CONNECTIONS = 8;
const MAX_REQUESTS = 12;
const SHORTEST_SPAN = 10_000;

export class Timeline {

	constructor(element) {
		this.element = element;
		this.connections = new Map();
		this.requests = [];
		this.begun = performance.now();
		this.seen = this.begun;
	}

	/** Note the states of all connections now. */
	update(present, own) {
		const now = performance.now();
		const ids = new Set(present.map((connection) => connection.id));
		for (const { id, state } of present) {
			const connection = this.connections.get(id) ?? { states: [], marks: [] };
			this.connections.set(id, connection);
			connection.own ||= id === own;
			connection.end = undefined;
			if (connection.states.at(-1)?.state !== state) {
				connection.states.push({ state, start: now });
			}
		}
		for (const [id, connection] of this.connections) {
			if (!ids.has(id)) {
				connection.end ??= now;
			}
		}
		this.seen = now;
		this.draw();
	}

	/** Mark a moment of a connection. */
	mark(id, text) {
		const connection = this.connections.get(id) ?? { states: [], marks: [] };
		this.connections.set(id, connection);
		connection.marks.push({ text, time: performance.now() });
	}

	begin(path) {
		const request = { path, start: performance.now() };
		this.requests.push(request);
		return request;
	}

	end(request) {
		request.end = performance.now();
		this.draw();
	}

	draw() {
		const connections = [...this.connections].slice(-MAX_CONNECTIONS);
		const requests = this.requests.slice(-MAX_REQUESTS);
		const span = Math.max(this.seen - this.begun, SHORTEST_SPAN);
		const x = (time) => LEFT + ((time - this.begun) / span) * (WIDTH - LEFT - 10);
		const height = 24 + connections.length * ROW + requests.length * REQUEST_ROW;
		const picture = shape('svg', { viewBox: `0 0 ${WIDTH} ${height}`, 'aria-hidden': 'true' });
		connections.forEach(([id, connection], index) => {
			const y = 8 + index * ROW;
			picture.append(label(4, y + 14, connection.own ? 'this page' : id));
			connection.states.forEach(({ state, start }, step) => {
				const end = connection.states[step + 1]?.start ?? connection.end ?? this.seen;
				picture.append(bar(x(start), y + 2, x(end), 16, `state-${state}`, state));
			});
			connection.marks.forEach(({ text, time }) => {
				picture.append(bar(x(time) - 1, y - 2, x(time) + 1, 24, 'state-GOAWAY_SENT', text));
			});
		});
		requests.forEach(({ path, start, end }, index) => {
			const y = 8 + connections.length * ROW + index * REQUEST_ROW;
			picture.append(label(4, y + 9, path));
			picture.append(bar(x(start), y + 2, x(end ?? this.seen), 6, 'request', path));
		});
		const seconds = Math.round(span / 1000);
		picture.append(label(LEFT, height - 4, '0 s', 'quiet'), label(WIDTH - 40, height - 4, `${seconds} s`, 'quiet'));
		this.element.replaceChildren(picture);
	}

}

function shape(name, attributes, text) {
	const element = document.createElementNS(NAMESPACE, name);
	Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
	if (text) {
		element.textContent = text;
	}
	return element;
}

function label(x, y, text, style = '') {
	return shape('text', { x, y, class: style }, text);
}

function bar(start, y, end, height, style, title) {
	const rectangle = shape('rect', { x: start, y, width: Math.max(end - start, 2), height, class: style });
	rectangle.append(shape('title', {}, title));
	return rectangle;
}
