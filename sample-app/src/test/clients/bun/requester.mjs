// Sends a GET for each line of the standard input, one after another: bun requester.mjs URL. Prints "ok" or the error of each.
for await (const _ of console) {
	try {
		const response = await fetch(process.argv[2], { protocol: 'h3', tls: { rejectUnauthorized: false } });
		await response.text();
		console.log(response.ok ? 'ok' : 'status ' + response.status);
	}
	catch (ex) {
		console.log(String(ex).replaceAll('\n', ' '));
	}
}
