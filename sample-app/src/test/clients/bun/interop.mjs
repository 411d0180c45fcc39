// Does what a line of the standard input says with Bun's fetch, and answers with a line: bun interop.mjs PORT. ProgramSession tells the
// commands.
const [port] = process.argv.slice(2);

async function exchange(method, path, size) {
	// Of the addresses of "localhost" it tries no more than the first
	const response = await fetch(`https://127.0.0.1:${port}${path}`, {
		method, body: size && pattern(size), protocol: 'h3', tls: { rejectUnauthorized: false },
	});
	const content = new Uint8Array(await response.arrayBuffer());
	return `${response.status} ${content.length} ${new Bun.CryptoHasher('sha256').update(content).digest('hex')}`;
}

function pattern(size) {
	return Uint8Array.from({ length: size }, (_, index) => index % 251);
}

const commands = {
	get: (path) => exchange('GET', path),
	post: (path, size) => exchange('POST', path, Number(size)),
	many: async (path, count) => {
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
};

for await (const line of console) {
	const [command, ...parameters] = line.trim().split(' ');
	try {
		console.log(await commands[command](...parameters));
	}
	catch (ex) {
		console.log('error', String(ex).replaceAll('\n', ' '));
	}
}
