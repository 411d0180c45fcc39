// A client of InteropIT with Bun's fetch: bun interop.mjs PORT.
import { answer, pattern, serve } from '../interop.mjs';

const [port] = process.argv.slice(2);

await serve(async (method, path, size) => {
	// Of the addresses of "localhost" it tries no more than the first
	const response = await fetch(`https://127.0.0.1:${port}${path}`, {
		method, body: size && pattern(size), protocol: 'h3', tls: { rejectUnauthorized: false },
	});
	return answer(response.status, new Uint8Array(await response.arrayBuffer()));
});
