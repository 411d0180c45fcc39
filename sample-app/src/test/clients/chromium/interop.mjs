// Does what a line of the standard input says in a page of Chromium, and answers with a line: NODE_PATH=MODULES node interop.mjs CHROMIUM
// PORT HASH_OF_THE_PUBLIC_KEY. ProgramSession tells the commands.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

// Unlike an import, this looks into NODE_PATH
const { chromium } = createRequire(import.meta.url)('playwright-core');

const [program, port, key] = process.argv.slice(2);
const browser = await chromium.launch({
	executablePath: program,
	args: ['--no-sandbox', '--enable-quic', `--origin-to-force-quic-on=localhost:${port}`, '--host-resolver-rules=MAP localhost 127.0.0.1',
		`--ignore-certificate-errors-spki-list=${key}`],
	ignoreDefaultArgs: ['--disable-quic'],
});
const page = await browser.newPage();
await page.goto(`https://localhost:${port}/protocol`);
await page.evaluate(() => {
	performance.setResourceTimingBufferSize(1000000);
	const pattern = (size) => Uint8Array.from({ length: size }, (_, index) => index % 251);
	window.exchange = async (method, path, size) => {
		const response = await fetch(path, { method, body: size && pattern(size), cache: 'no-store' });
		const content = await response.arrayBuffer();
		const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
		return `${response.status} ${content.byteLength} ${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
	};
	window.many = async (path, count) => {
		const answers = await Promise.allSettled(Array.from({ length: count }, () => exchange('GET', path)));
		return answers.filter(({ value }) => value?.startsWith('200 ')).length;
	};
	window.each = async (path, count) => {
		let number = 0;
		while (number < count && (await exchange('GET', path)).startsWith('200 ')) {
			number++;
		}
		return number;
	};
});

const commands = {
	get: (path) => page.evaluate((path) => exchange('GET', path), path),
	post: (path, size) => page.evaluate(([path, size]) => exchange('POST', path, size), [path, Number(size)]),
	many: (path, count) => page.evaluate(([path, count]) => many(path, count), [path, Number(count)]),
	each: (path, count) => page.evaluate(([path, count]) => each(path, count), [path, Number(count)]),
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
await browser.close();
