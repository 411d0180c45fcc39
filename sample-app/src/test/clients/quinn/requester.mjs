// Sends a GET for each line of the standard input, one after another: deno run -A --unstable-net requester.mjs PORT PATH CA_FILE. Prints
// "ok" or the error of each, and connects again after an error.
import { connect, get } from './http3.mjs';

const [port, path, ca] = Deno.args;
let connection;
for await (const _ of Deno.stdin.readable) {
	try {
		connection ??= await connect(port, ca);
		const request = await get(connection, path);
		let length = 0;
		for await (const bytes of request.readable) {
			length += bytes.length;
		}
		console.log(length > 0 ? 'ok' : 'no response');
	}
	catch (ex) {
		console.log(String(ex).replaceAll('\n', ' '));
		connection = undefined;
	}
}
