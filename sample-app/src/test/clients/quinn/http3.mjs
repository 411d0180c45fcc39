// As much HTTP/3 over quinn, the QUIC stack of Deno, as a GET or POST needs.

export async function connect(port, ca, options = {}) {
	const connection = await Deno.connectQuic({
		hostname: 'localhost', port: Number(port), alpnProtocols: ['h3'], caCerts: [await Deno.readTextFile(ca)], ...options,
	});
	// Control stream with empty SETTINGS, kept for as long as the connection: what the garbage collector takes ends
	connection.control = await connection.createUnidirectionalStream();
	const writer = connection.control.getWriter();
	await writer.write(new Uint8Array([0, 4, 0]));
	writer.releaseLock();
	return connection;
}

// Returns the stream of the request
export function get(connection, path) {
	return send(connection, 17, path, []);
}

export function post(connection, path, content) {
	// A DATA frame whose length takes four bytes
	const header = new Uint8Array(5);
	new DataView(header.buffer).setUint32(1, 0x80000000 + content.length);
	return send(connection, 20, path, [header, content]);
}

async function send(connection, method, path, content) {
	// Field section without a dynamic table: method, https, :authority localhost, :path with a literal value (RFC 9204 section 4.5)
	const text = (value) => [...new TextEncoder().encode(value)];
	const fields = [0, 0, 0xc0 | method, 0xc0 | 23, 0x50, 9, ...text('localhost'), 0x51, path.length, ...text(path)];
	const request = await connection.createBidirectionalStream({ waitUntilAvailable: true });
	const writer = request.writable.getWriter();
	const sent = write(writer, [new Uint8Array([1, fields.length, ...fields]), ...content]);
	if (content.length === 0) {
		await sent;
	}
	return request;
}

async function write(writer, parts) {
	for (const part of parts) {
		// No larger pieces than are to be held back by flow control
		for (let start = 0; start < part.length; start += 65536) {
			await writer.write(part.subarray(start, start + 65536));
		}
	}
	await writer.close();
}

// Takes frames apart: calls back with the type of a frame and each piece of its content
export function frames(onContent) {
	let pending = new Uint8Array(0);
	let left = 0;		// bytes of the present frame
	let type = -1;
	return (bytes) => {
		while (bytes.length > 0) {
			if (left === 0) {
				const merged = new Uint8Array(pending.length + bytes.length);
				merged.set(pending);
				merged.set(bytes, pending.length);
				const [first, size] = integer(merged, 0);
				const [second, end] = size ? integer(merged, size) : [0, 0];
				if (!end) {
					pending = merged;
					return;
				}
				pending = new Uint8Array(0);
				[type, left, bytes] = [first, second, merged.subarray(end)];
			}
			const count = Math.min(left, bytes.length);
			onContent(type, bytes.subarray(0, count));
			left -= count;
			bytes = bytes.subarray(count);
		}
	};
}

function integer(bytes, start) {
	const size = 1 << (bytes[start] >> 6);
	if (!(start + size <= bytes.length)) {
		return [0, 0];
	}
	let value = bytes[start] & 0x3f;
	for (let index = start + 1; index < start + size; index++) {
		value = value * 256 + bytes[index];
	}
	return [value, start + size];
}

// Reads a response whole. Of its header section no more is understood than whether it begins with :status 200 (RFC 9204 appendix A)
export async function read(request) {
	const headers = [];
	const pieces = [];
	const take = frames((type, piece) => {
		if (type === 0) {
			pieces.push(piece);
		}
		else if (type === 1) {
			headers.push(...piece);
		}
	});
	for await (const bytes of request.readable) {
		take(bytes);
	}
	return { status: headers[2] === (0xc0 | 25) ? 200 : 0, content: new Uint8Array(await new Blob(pieces).arrayBuffer()) };
}
