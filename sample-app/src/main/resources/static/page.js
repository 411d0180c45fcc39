// What the page shows: which protocol each of its requests used, and what the server tells of its connections.
import { Timeline } from './timeline.js';

const viewer = crypto.randomUUID();
const timeline = new Timeline(document.getElementById('timeline'));
const log = document.getElementById('log');
const started = performance.now();

/** What the server has told last. */
let live = null;

/** Whether the server has been asked to stop, or has said that it does. */
let stopping = false;

function seconds(time) {
	return `${((time - started) / 1000).toFixed(1)} s`;
}

function tell(text) {
	const line = document.createElement('li');
	const time = document.createElement('time');
	time.textContent = seconds(performance.now());
	line.append(time, text);
	log.prepend(line);
}

/** How the browser names what a request went over. */
function nameOf(protocol) {
	return { 'http/1.1': 'HTTP/1.1', h2: 'HTTP/2', h3: 'HTTP/3' }[protocol] ?? 'unknown';
}

function showProtocol(protocol) {
	document.getElementById('protocol').textContent = protocol === 'h3'
		? 'This page talks HTTP/3 to the server.'
		: `This page talks ${nameOf(protocol)} to the server. Alt-Svc has told the browser of HTTP/3: it changes over within a few requests.`;
}

function protocolOf(url) {
	const entries = performance.getEntriesByName(new URL(url, location).href);
	return entries.length === 0 ? '' : entries[entries.length - 1].nextHopProtocol;
}

/** Send a request, show it as a row and a bar, and say how it ended. */
async function send(path, read = async (response) => (await response.arrayBuffer()).byteLength + ' bytes') {
	const url = `${path}${path.includes('?') ? '&' : '?'}n=${crypto.randomUUID().slice(0, 8)}`;
	const row = document.createElement('tr');
	const cells = [path, '', 'waits', ''].map((text) => {
		const cell = document.createElement('td');
		cell.textContent = text;
		row.append(cell);
		return cell;
	});
	document.getElementById('rows').prepend(row);
	const bar = timeline.begin(path);
	const start = performance.now();
	try {
		const response = await fetch(url, { cache: 'no-store' });
		cells[2].textContent = `${response.status}, ${await read(response)}`;
		tell(`${path} is complete`);
	} catch (error) {
		cells[2].textContent = 'failed';
		tell(`${path} has failed: ${error.message}`);
	}
	timeline.end(bar);
	cells[3].textContent = `${Math.round(performance.now() - start)} ms`;
	// The browser knows it a moment after the body is there
	setTimeout(() => {
		const protocol = protocolOf(url);
		cells[1].textContent = nameOf(protocol);
		if (protocol) {
			showProtocol(protocol);
		}
	}, 50);
}

async function countEvents(response) {
	let count = 0;
	for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
		count += text.split('data:').length - 1;
	}
	return `${count} events, ended by the server`;
}

function own() {
	return live?.connections.find((connection) => connection.requests.includes(`/live/${viewer}`));
}

async function post(path, what) {
	tell(`Asked: ${what}`);
	const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
	if (!response.ok) {
		tell(`The server answers ${response.status}`);
	}
}

const actions = {
	quick: () => send('/hello'),
	slow: () => [2000, 3000, 4000].forEach((millis) => send(`/slow?millis=${millis}`)),
	download: () => send('/bytes/50000000'),
	events: () => send('/events', countEvents),
	connection: () => post(`/actuator/http3/${own().id}`, 'shut this connection down'),
	connections: () => post('/actuator/http3', 'shut all connections down'),
	server: () => post('/actuator/shutdown', 'shut the server down'),
};

for (const button of document.querySelectorAll('[data-do]')) {
	button.addEventListener('click', () => actions[button.dataset.do]());
}

function enableButtons(connected) {
	for (const button of document.querySelectorAll('[data-do]')) {
		const possible = button.dataset.do === 'connection' ? own() !== undefined : true;
		button.disabled = !connected || !possible || stopping;
	}
}

/** Show what has changed since the server told last. */
function show(next) {
	const known = new Map((live?.connections ?? []).map((connection) => [connection.id, connection]));
	for (const connection of next.connections) {
		const before = known.get(connection.id);
		known.delete(connection.id);
		if (before?.state !== connection.state) {
			tell(`Connection ${connection.id}: ${connection.state.toLowerCase().replace('_', ' ')}`);
		}
		for (const id of connection.goAwayIds.slice(before?.goAwayIds.length ?? 0)) {
			tell(`Connection ${connection.id}: GOAWAY ${id >= 2 ** 61 ? '(begin no more requests)' : `from stream ${id} on`}`);
			timeline.mark(connection.id, 'GOAWAY');
		}
	}
	for (const id of known.keys()) {
		tell(`Connection ${id}: closed`);
	}
	if (live?.state !== next.state) {
		tell(`Server: ${next.state.toLowerCase().replace('_', ' ')}`);
	}
	live = next;
	stopping = next.state !== 'RUNNING';
	const { connections, requests } = next.totals;
	document.getElementById('server').textContent = `Server ${next.state.toLowerCase().replace('_', ' ')}: `
		+ `${next.connections.length} connections, ${requests.completed} requests completed, ${requests.rejected} rejected, `
		+ `${requests.lost} lost; ${connections.completed} connections shut down whole.`;
	timeline.update(next.connections, own()?.id);
	enableButtons(true);
}

async function watch() {
	const response = await fetch(`/live/${viewer}`, { cache: 'no-store' });
	let rest = '';
	for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
		const lines = (rest + text).split('\n');
		rest = lines.pop();
		lines.filter((line) => line).forEach((line) => show(JSON.parse(line)));
	}
}

async function watchForever() {
	for (;;) {
		await watch().catch(() => {});
		if (live?.last) {
			tell('Nobody waits for a response any more');
		}
		while (!await isReachable()) {
			if (live) {
				tell('The server cannot be reached');
				live = null;
				timeline.update([], undefined);
				enableButtons(false);
				document.getElementById('server').textContent = 'The server is gone. What it did stays here.';
			}
			await new Promise((wake) => setTimeout(wake, 1000));
		}
		stopping = false;
	}
}

function isReachable() {
	return fetch('/hello', { cache: 'no-store' }).then((response) => response.ok, () => false);
}

showProtocol(performance.getEntriesByType('navigation')[0].nextHopProtocol);
enableButtons(false);
watchForever();
