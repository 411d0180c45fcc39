package io.github.http3spring.wire;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from qlog files what the QUIC library doesn't tell otherwise.
 *
 * @see WireOptions#withQlogDirectory(Path)
 */
public final class Qlog {

	/**
	 * Name of an event, behind a category that differs from version to version.
	 */
	private static final String RECEIVED = ":packet_received\"";

	private static final Pattern STOP_SENDING = Pattern
		.compile("\"frame_type\":\"stop_sending\",\"stream_id\":(\\d+),(?:\"error\":\"\\w+\",)?\"error_code\":(\\d+)");

	private Qlog() {
	}

	/**
	 * Find the STOP_SENDING frames that the server sent. The files are complete when
	 * their connections have ended.
	 * @param directory the directory of the qlog files
	 * @return the error codes by stream id
	 * @throws IOException if the files can't be read
	 */
	public static Map<Long, Long> stopSendingCodes(Path directory) throws IOException {
		Map<Long, Long> codes = new LinkedHashMap<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.qlog")) {
			for (Path file : files) {
				for (String line : Files.readAllLines(file)) {
					Matcher frames = STOP_SENDING.matcher(line);
					while (line.contains(RECEIVED) && frames.find()) {
						codes.put(Long.valueOf(frames.group(1)), Long.valueOf(frames.group(2)));
					}
				}
			}
		}
		return codes;
	}

}
