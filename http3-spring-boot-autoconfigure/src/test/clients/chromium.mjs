// Downloads with Chromium: node chromium.mjs PORT PATH SPKI_HASH. Needs playwright-core where NODE_MODULES says, and Chromium. Prints
// "read BYTES PROTOCOL", or "error" and what the page is told.
import { createRequire } from 'node:module';

const { chromium } = createRequire(`${process.env.NODE_MODULES}/`)('playwright-core');
const [port, path, hash] = process.argv.slice(2);
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', ignoreDefaultArgs: ['--disable-quic'],
	args: ['--no-sandbox', '--enable-quic', `--origin-to-force-quic-on=127.0.0.1:${port}`,
		`--ignore-certificate-errors-spki-list=${hash}`],
});
try {
	const page = await browser.newPage();
	await page.goto(`https://127.0.0.1:${port}/hello`);
	console.log('connected');
	console.log(await page.evaluate(async (url) => {
		let bytes = 0;
		try {
			const reader = (await fetch(url)).body.getReader();
			for (let part = await reader.read(); !part.done; part = await reader.read()) {
				bytes += part.value.length;
			}
			return `read ${bytes} ${performance.getEntriesByType('resource').at(-1)?.nextHopProtocol}`;
		}
		catch (ex) {
			return `error after ${bytes}: ${ex}`;
		}
	}, path));
}
finally {
	await browser.close();
}
