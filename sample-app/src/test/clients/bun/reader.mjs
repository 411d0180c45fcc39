// Reads a response at a pace with Bun's fetch: bun reader.mjs URL BYTES_PER_SECOND PAUSE_AFTER PAUSE_MILLIS. BYTES_PER_SECOND is 0 for full
// speed; after PAUSE_AFTER bytes nothing is read for PAUSE_MILLIS. Prints "response has begun" and, at the end, "read BYTES" or the
// error and "read BYTES", and stays connected for a minute. Bun takes up to 6 MiB in ahead of whoever reads.
const [url, rate, pauseAfter, pauseMillis] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const sleep = (millis) => new Promise((done) => setTimeout(done, millis));
let total = 0;
try {
	const response = await fetch(url, { protocol: 'h3', tls: { rejectUnauthorized: false } });
	console.log('response has begun');
	let paused = !(pauseMillis > 0);
	let start = performance.now();
	for await (const chunk of response.body) {
		total += chunk.length;
		if (!paused && total >= pauseAfter) {
			paused = true;
			await sleep(pauseMillis);
			start += pauseMillis;
		}
		if (rate > 0) {
			await sleep(Math.max(0, start + total / rate * 1000 - performance.now()));
		}
	}
}
catch (ex) {
	console.log('error', String(ex));
}
console.log('read', total);
await sleep(60000);
