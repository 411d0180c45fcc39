// Uses the page of the sample in Chromium as a person would, takes pictures of it, and prints what it shows.
//
//   NODE_PATH=MODULES node page.mjs CHROMIUM PORT HASH_OF_THE_PUBLIC_KEY DIRECTORY
import { createRequire } from 'node:module';

// Unlike an import, this looks into NODE_PATH
const { chromium } = createRequire(import.meta.url)('playwright-core');

const [program, port, key, directory] = process.argv.slice(2);
const browser = await chromium.launch({
	executablePath: program,
	args: [
		'--no-sandbox', '--enable-quic', `--ignore-certificate-errors-spki-list=${key}`,
		// A port that is not the server's: certificates need no public authority then, and Alt-Svc is still what leads to HTTP/3
		'--origin-to-force-quic-on=localhost:1', '--host-resolver-rules=MAP localhost 127.0.0.1',
	],
	ignoreDefaultArgs: ['--disable-quic'],
});

const page = await (await browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage();
page.setDefaultTimeout(30_000);
page.on('pageerror', (error) => console.log(`error: ${error}`));

async function logged(text) {
	await page.locator('#log li', { hasText: text }).first().waitFor();
}

function picture(name) {
	return page.screenshot({ path: `${directory}/${name}.png`, fullPage: true });
}

await page.goto(`https://localhost:${port}/`);
console.log(`first: ${await page.locator('#protocol').textContent()}`);
for (let tries = 0; tries < 50; tries++) {
	await page.getByRole('button', { name: 'Quick request' }).click();
	await page.waitForTimeout(200);
	if ((await page.locator('#protocol').textContent()).includes('HTTP/3 to the server')) {
		break;
	}
}
console.log(`then: ${await page.locator('#protocol').textContent()}`);
await page.reload();
const own = page.getByRole('button', { name: 'Shut this connection down' });
await own.waitFor();
await page.waitForFunction(() => !document.querySelector('[data-do="connection"]').disabled);
await picture('before');

// By keyboard
await page.getByRole('button', { name: 'Three slow requests' }).focus();
await page.keyboard.press('Enter');
await page.waitForFunction(() => document.querySelectorAll('#rows tr').length === 3);
await page.waitForTimeout(500);
await own.click();
await logged('completing');
await picture('during');
for (const millis of [2000, 3000, 4000]) {
	await logged(`/slow?millis=${millis} is complete`);
}
await logged(': closed');

await page.getByRole('button', { name: 'Three slow requests' }).click();
await page.waitForFunction(() => document.querySelectorAll('#rows tr').length === 6);
await page.waitForTimeout(500);
await page.getByRole('button', { name: 'Shut the server down' }).click();
await logged('Nobody waits for a response any more');
await logged('The server cannot be reached');
await picture('after');
await page.setViewportSize({ width: 360, height: 740 });
await page.emulateMedia({ colorScheme: 'dark' });
await picture('after-on-a-phone-in-the-dark');
console.log(`wider than a phone: ${await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)}`);
console.log(`requests: ${(await page.locator('#rows tr').allTextContents()).length}`);
console.log(`complete: ${await page.locator('#rows td', { hasText: '200, ' }).count()}`);
console.log(`over HTTP/3: ${await page.locator('#rows td', { hasText: 'HTTP/3' }).count()}`);
console.log(`failed: ${await page.locator('#rows td', { hasText: 'failed' }).count()}`);
console.log(`states drawn: ${await page.locator('#timeline rect').evaluateAll((bars) => [...new Set(bars.map((bar) => bar.textContent))].filter((text) => !text.startsWith('/')).sort().join(' '))}`);
await browser.close();
