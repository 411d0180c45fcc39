// A client of InteropIT over quinn, the QUIC stack of Deno: deno run -A --unstable-net interop.mjs PORT CA_FILE.
import { answer, pattern, serve } from '../interop.mjs';
import { connect, get, post, read } from './http3.mjs';

const [port, ca] = Deno.args;
// Keeps tickets for connections to come
const endpoint = new Deno.QuicEndpoint({ hostname: '127.0.0.1', port: 0 });
// A promise: requests at once share a connection
let connection;

async function exchange(method, path, size) {
	connection ??= connect(port, ca, { endpoint });
	const made = await connection;
	const { status, content } = await read(await (method === 'GET' ? get(made, path) : post(made, path, pattern(size))));
	return answer(status, content);
}

async function close() {
	(await connection)?.close();
	connection = undefined;
	return 'closed';
}

await serve(exchange, {
	close,
	early: async (path) => {
		await close();
		connection = connect(port, ca, { endpoint, zeroRtt: true });
		return exchange('GET', path);
	},
});
Deno.exit();
