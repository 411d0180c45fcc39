// A client of InteropIT in a page of Chromium: NODE_PATH=MODULES node interop.mjs CHROMIUM PORT HASH_OF_THE_PUBLIC_KEY.
import { createRequire } from 'node:module';

import { answer, pattern, serve } from '../interop.mjs';

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
// The page has the same functions as this program
await page.addScriptTag({ content: `${answer} ${pattern}` });
await page.evaluate(() => {
	performance.setResourceTimingBufferSize(1000000);
	window.exchange = async (method, path, size) => {
		const response = await fetch(path, { method, body: size && pattern(size), cache: 'no-store' });
		return answer(response.status, new Uint8Array(await response.arrayBuffer()));
	};
});

await serve((method, path, size) => page.evaluate((request) => exchange(...request), [method, path, size]));
await browser.close();
