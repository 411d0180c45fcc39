// Does what a line of the standard input says over quinn, the QUIC stack of Deno, and answers with a line: deno run -A --unstable-net
// interop.mjs PORT CA_FILE. ProgramSession tells the commands.
import process from 'node:process';
import { createInterface } from 'node:readline';

import { connect, get, post, read } from './http3.mjs';

const [port, ca] = Deno.args;
// Keeps tickets for connections to come
const endpoint = new Deno.QuicEndpoint({ hostname: '127.0.0.1', port: 0 });
let connection;

async function exchange(method, path, size) {
	connection ??= await connect(port, ca, { endpoint });
	return await answer(await (method === 'GET' ? get(connection, path) : post(connection, path, pattern(size))));
}

async function answer(request) {
	const { status, content } = await read(request);
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
	return `${status} ${content.length} ${digest.toHex()}`;
}

function pattern(size) {
	return Uint8Array.from({ length: size }, (_, index) => index % 251);
}

function close() {
	connection?.close();
	connection = undefined;
}

const commands = {
	get: (path) => exchange('GET', path),
	post: (path, size) => exchange('POST', path, Number(size)),
	many: async (path, count) => {
		connection ??= await connect(port, ca, { endpoint });
		const answers = await Promise.allSettled(Array.from({ length: count }, () => exchange('GET', path)));
		return answers.filter(({ value }) => value?.startsWith('200 ')).length;
	},
	each: async (path, count) => {
		let number = 0;
		while (number < count && (await exchange('GET', path)).startsWith('200 ')) {
			number++;
		}
		return number;
	},
	close: async () => {
		close();
		return 'closed';
	},
	early: async (path) => {
		close();
		connection = await connect(port, ca, { endpoint, zeroRtt: true });
		return exchange('GET', path);
	},
};

for await (const line of createInterface({ input: process.stdin })) {
	const [command, ...parameters] = line.trim().split(' ');
	try {
		console.log(await commands[command](...parameters));
	}
	catch (ex) {
		console.log('error', String(ex).replaceAll('\n', ' '));
	}
}
Deno.exit();
