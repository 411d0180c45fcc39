package io.github.http3spring.sample.documentation;

import java.nio.file.Path;

/**
 * A fenced block of code in the documentation.
 *
 * @param page the page it stands in
 * @param line the line of the page in which it begins, for messages
 * @param language what stands behind the fence
 * @param text the lines between the fences
 */
record CodeBlock(Path page, int line, String language, String text) {

	@Override
	public String toString() {
		return this.page + ":" + this.line;
	}

}
