// Reads a response at a pace over quinn, the QUIC stack of Deno: deno run -A --unstable-net reader.mjs PORT PATH BYTES_PER_SECOND
// PAUSE_AFTER PAUSE_MILLIS CA_FILE. BYTES_PER_SECOND is 0 for full speed; after PAUSE_AFTER bytes nothing is read for PAUSE_MILLIS.
// Prints "response has begun" and, at the end, "read BYTES" of the response's content or the error
// and "read BYTES", and stays connected for a minute.
import { connect, frames, get } from './http3.mjs';

const [port, path, rate, pauseAfter, pauseMillis, ca] = Deno.args;
const connection = await connect(port, ca);
const request = await get(connection, path);

const reader = request.readable.getReader();
let content = 0;
const take = frames((type, bytes) => {
	content += type === 0 ? bytes.length : 0;
});

let paused = !(Number(pauseMillis) > 0);
let start = performance.now();
const sleep = (millis) => new Promise((done) => setTimeout(done, millis));
let begun = false;
try {
	for (;;) {
		if (!paused && content >= Number(pauseAfter)) {
			paused = true;
			await sleep(Number(pauseMillis));
			start += Number(pauseMillis);
		}
		if (Number(rate) > 0) {
			await sleep(Math.max(0, start + content / Number(rate) * 1000 - performance.now()));
		}
		const { value, done } = await reader.read();
		if (done) {
			break;
		}
		if (!begun) {
			begun = true;
			console.log('response has begun');
		}
		take(value);
	}
}
catch (ex) {
	console.log('error', String(ex));
}
console.log('read', content);
await sleep(60000);
