// What the clients in JavaScript have in common: they do what a line of the standard input says, and answer with a line. CommandSession
// tells the commands.
import process from 'node:process';
import { createInterface } from 'node:readline';

export function pattern(size) {
	return Uint8Array.from({ length: size }, (_, index) => index % 251);
}

export async function answer(status, content) {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
	return `${status} ${content.length} ${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

// Answers until the standard input ends. "exchange" sends a request of a method to a path, with a size for its pattern if it has one
export async function serve(exchange, more = {}) {
	const commands = {
		get: (path) => exchange('GET', path),
		post: (path, size) => exchange('POST', path, Number(size)),
		many: async (path, count) => {
			const answers = await Promise.allSettled(Array.from({ length: Number(count) }, () => exchange('GET', path)));
			return answers.filter(({ value }) => value?.startsWith('200 ')).length;
		},
		each: async (path, count) => {
			let number = 0;
			while (number < count && (await exchange('GET', path)).startsWith('200 ')) {
				number++;
			}
			return number;
		},
		...more,
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
}
