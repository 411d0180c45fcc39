package io.github.http3spring.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import io.github.http3spring.conformance.ConformanceCase.Probe;
import io.github.http3spring.wire.Http3Frames;
import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * Cases of one RFC, and the words in which they are written.
 */
abstract class ConformanceCases {

	/** Types of frames. */
	static final int DATA = 0x00;

	static final int HEADERS = 0x01;

	static final int CANCEL_PUSH = 0x03;

	static final int SETTINGS = 0x04;

	static final int PUSH_PROMISE = 0x05;

	static final int GOAWAY = 0x07;

	static final int MAX_PUSH_ID = 0x0d;

	static final long PRIORITY_UPDATE = 0xf0700;

	private final String rfc;

	private final List<ConformanceCase> cases = new ArrayList<>();

	private final List<Reference> references = new ArrayList<>();

	ConformanceCases(String rfc) {
		this.rfc = rfc;
	}

	List<ConformanceCase> cases() {
		return this.cases;
	}

	List<Reference> references() {
		return this.references;
	}

	// How something is sent

	/**
	 * Send a whole request.
	 */
	final void request(String section, String sent, Expectation expected, byte[]... parts) {
		add(section, sent, expected, (peer) -> peer.request(concat(parts)));
	}

	/**
	 * Send a request without its end.
	 */
	final void beginning(String section, String sent, Expectation expected, byte[]... parts) {
		add(section, sent, expected, (peer) -> peer.beginning(concat(parts)));
	}

	/**
	 * Send something on the control stream, after SETTINGS.
	 */
	final void control(String section, String sent, Expectation expected, byte[]... parts) {
		add(section, sent, expected, (peer) -> peer.control(concat(parts)));
	}

	/**
	 * Send the beginning of the control stream.
	 */
	final void start(String section, String sent, Expectation expected, byte[]... parts) {
		this.cases.add(new ConformanceCase(this.rfc, section, sent, expected, true,
				(peer) -> peer.unidirectional(concat(hex("00"), concat(parts)))));
	}

	/**
	 * Open a further unidirectional stream.
	 */
	final void unidirectional(String section, String sent, Expectation expected, byte[]... parts) {
		add(section, sent, expected, (peer) -> peer.unidirectional(concat(parts)));
	}

	/**
	 * Do something that takes more than one step.
	 */
	final void add(String section, String sent, Expectation expected, Probe probe) {
		this.cases.add(new ConformanceCase(this.rfc, section, sent, expected, false, probe));
	}

	/**
	 * Refer to a test that stands elsewhere.
	 */
	final void elsewhere(String section, String requirement, String test) {
		this.references.add(new Reference(this.rfc, section, requirement, test, ""));
	}

	/**
	 * Say why there is no test.
	 */
	final void untested(String section, String requirement, String argument) {
		this.references.add(new Reference(this.rfc, section, requirement, "", argument));
	}

	// What has to follow

	final Expectation closes(Http3ErrorCode code) {
		return Expectation.of(Outcome.closed(true, code.code()));
	}

	final Expectation resets(Http3ErrorCode code) {
		return Expectation.of(Outcome.reset(code.code()));
	}

	final Expectation malformed() {
		return resets(Http3ErrorCode.H3_MESSAGE_ERROR);
	}

	final Expectation answers(String statuses) {
		return Expectation.of(Outcome.answered(statuses, null));
	}

	final Expectation answers(String statuses, String body) {
		return Expectation.of(Outcome.answered(statuses, body));
	}

	final Expectation ignores() {
		return Expectation.of(Outcome.IGNORED);
	}

	final Expectation shows(String text) {
		return Expectation.of(new Outcome(text, null));
	}

	// What is sent

	/**
	 * Write text as it is sent, for the table.
	 */
	static String quoted(String text) {
		StringBuilder quoted = new StringBuilder();
		for (char character : text.toCharArray()) {
			boolean visible = character >= ' ' && character <= '~';
			quoted.append(visible ? String.valueOf(character) : "\\x%02x".formatted((int) character));
		}
		return text.isEmpty() ? "of no characters" : "`" + quoted + "`";
	}

	static byte[] hex(String digits) {
		return HexFormat.of().parseHex(digits.replace(" ", ""));
	}

	static byte[] text(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			bytes.writeBytes(part);
		}
		return bytes.toByteArray();
	}

	static byte[] frame(long type, byte[]... payload) {
		return Http3Frames.frame(type, concat(payload));
	}

	static byte[] integer(long value) {
		return Http3Frames.varint(value);
	}

	static byte[] data(String content) {
		return frame(DATA, text(content));
	}

	static byte[] trailers(String... fields) {
		return Http3Frames.fields(fields);
	}

	static byte[] settings(long... settings) {
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		for (long integer : settings) {
			payload.writeBytes(integer(integer));
		}
		return frame(SETTINGS, payload.toByteArray());
	}

	/**
	 * Encode the header section of a request with further fields.
	 */
	static byte[] headers(String method, String path, String... fields) {
		return section(
				concat(new String[] { ":method", method, ":scheme", "https", ":authority", "localhost", ":path", path },
						fields));
	}

	static byte[] get(String path, String... fields) {
		return headers("GET", path, fields);
	}

	static byte[] post(String path, String... fields) {
		return headers("POST", path, fields);
	}

	/**
	 * Encode a header section of these fields alone.
	 */
	static byte[] section(String... fields) {
		return Http3Frames.fields(fields);
	}

	/**
	 * Encode a header section as it is, behind that of a GET of {@code /hello}, all of it
	 * from the static table (RFC 9204 appendix A).
	 */
	static byte[] encoded(String digits) {
		return frame(HEADERS, hex("0000"), HELLO, hex(digits));
	}

	static final byte[] HELLO = hex("d1 d7 50 09 6c6f63616c686f7374 c1");

	private static String[] concat(String[] first, String[] second) {
		List<String> both = new ArrayList<>(List.of(first));
		both.addAll(List.of(second));
		return both.toArray(new String[0]);
	}

}
