// Downloads with quinn, the QUIC stack of Deno: deno run -A --unstable-net quinn.mjs PORT PATH CERTIFICATE. Prints "connected", and
// "read BYTES" or "error".
const [port, path, certificate] = Deno.args;
const connection = await Deno.connectQuic({
	hostname: 'localhost', port: Number(port), alpnProtocols: ['h3'], caCerts: [await Deno.readTextFile(certificate)],
});
const write = async (stream, bytes) => {
	const writer = stream.getWriter();
	await writer.write(new Uint8Array(bytes));
	return writer;
};
// Control stream with empty SETTINGS, then GET without a dynamic table (RFC 9204 section 4.5)
(await write(await connection.createUnidirectionalStream(), [0, 4, 0])).releaseLock();
const text = (value) => [...new TextEncoder().encode(value)];
const fields = [0, 0, 0xc0 | 17, 0xc0 | 23, 0x50, 9, ...text('localhost'), 0x51, path.length, ...text(path)];
const request = await connection.createBidirectionalStream();
await (await write(request.writable, [1, fields.length, ...fields])).close();
console.log('connected');

let buffer = new Uint8Array(0);
let content = 0;
let left = 0;
let type = 0;
const integer = (bytes, start) => {
	const size = 1 << (bytes[start] >> 6);
	let value = bytes[start] & 0x3f;
	for (let index = start + 1; index < start + size; index++) {
		value = value * 256 + bytes[index];
	}
	return [value, start + size];
};
try {
	for await (let bytes of request.readable) {
		while (bytes.length > 0) {
			if (left === 0) {
				buffer = new Uint8Array([...buffer, ...bytes]);
				const [first, size] = integer(buffer, 0);
				const [second, end] = integer(buffer, size);
				if (!(end <= buffer.length)) {
					break;
				}
				[type, left, bytes, buffer] = [first, second, buffer.slice(end), new Uint8Array(0)];
			}
			const count = Math.min(left, bytes.length);
			content += type === 0 ? count : 0;
			left -= count;
			bytes = bytes.subarray(count);
		}
	}
	console.log('read', content);
}
catch (ex) {
	console.log('error', String(ex));
}
Deno.exit(0);
