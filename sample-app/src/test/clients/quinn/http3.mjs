// As much HTTP/3 over quinn, the QUIC stack of Deno, as a GET needs.

export async function connect(port, ca) {
	const connection = await Deno.connectQuic({
		hostname: 'localhost', port: Number(port), alpnProtocols: ['h3'], caCerts: [await Deno.readTextFile(ca)],
	});
	// Control stream with empty SETTINGS
	const writer = (await connection.createUnidirectionalStream()).getWriter();
	await writer.write(new Uint8Array([0, 4, 0]));
	writer.releaseLock();
	return connection;
}

// Returns the stream of the request
export async function get(connection, path) {
	// Field section without a dynamic table: GET, https, :authority localhost, :path with a literal value (RFC 9204 section 4.5)
	const text = (value) => [...new TextEncoder().encode(value)];
	const fields = [0, 0, 0xc0 | 17, 0xc0 | 23, 0x50, 9, ...text('localhost'), 0x51, path.length, ...text(path)];
	const request = await connection.createBidirectionalStream();
	const writer = request.writable.getWriter();
	await writer.write(new Uint8Array([1, fields.length, ...fields]));
	await writer.close();
	return request;
}
