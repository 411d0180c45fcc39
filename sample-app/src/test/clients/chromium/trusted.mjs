// Asks over and over which protocol a request came over, in a Chromium that trusts what its home says, until it is HTTP/3.
//
//   HOME=DIRECTORY NODE_PATH=MODULES node trusted.mjs CHROMIUM PORT [OPTION...]
import { createRequire } from 'node:module';

// Unlike an import, this looks into NODE_PATH
const { chromium } = createRequire(import.meta.url)('playwright-core');

const [program, port, ...options] = process.argv.slice(2);
const browser = await chromium.launch({
	executablePath: program,
	args: ['--no-sandbox', '--enable-quic', '--host-resolver-rules=MAP localhost 127.0.0.1', ...options],
	ignoreDefaultArgs: ['--disable-quic'],
});
const page = await browser.newPage();
for (let tries = 0; tries < 10; tries++) {
	await page.goto(`https://localhost:${port}/protocol`);
	const { protocol } = JSON.parse(await page.textContent('body'));
	console.log(protocol);
	if (protocol === 'HTTP/3.0') {
		break;
	}
	await page.waitForTimeout(200);
}
await browser.close();
