package io.github.http3spring.soak;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Draws values over time, each kind in a picture of its own above the others, as SVG.
 */
final class Chart {

	private static final int WIDTH = 900;

	private static final int PLOT_HEIGHT = 110;

	private static final int MARGIN = 60;

	private static final int GAP = 50;

	private final double minutes;

	private final StringBuilder plots = new StringBuilder();

	private int top = 40;

	/**
	 * Begin a chart.
	 * @param title what it shows
	 * @param minutes the time that all values are spread over
	 */
	Chart(String title, double minutes) {
		this.minutes = minutes;
		text(MARGIN, 22, "start", title);
	}

	/**
	 * Add a picture below the others.
	 * @param name what it shows
	 * @param color the color of the line
	 * @param values the values, evenly spread over the time
	 */
	Chart plot(String name, String color, List<Double> values) {
		double max = Math.max(1, values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
		int bottom = this.top + PLOT_HEIGHT;
		text(MARGIN, this.top + 8, "start", name);
		line(MARGIN, bottom, WIDTH - MARGIN, bottom);
		line(MARGIN, this.top, MARGIN, bottom);
		text(MARGIN - 6, this.top + 24, "end", "%.0f".formatted(max));
		text(MARGIN - 6, bottom, "end", "0");
		double step = (double) (WIDTH - 2 * MARGIN) / Math.max(1, values.size() - 1);
		String points = IntStream.range(0, values.size())
			.mapToObj((index) -> format("%.1f,%.1f", MARGIN + index * step,
					bottom - values.get(index) / max * (PLOT_HEIGHT - 20)))
			.collect(Collectors.joining(" "));
		this.plots.append("<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"/>\n".formatted(color, points));
		this.top = bottom + GAP - 20;
		return this;
	}

	private void text(int x, int y, String anchor, String text) {
		this.plots.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n".formatted(x, y, anchor, text));
	}

	private void line(int x1, int y1, int x2, int y2) {
		this.plots
			.append("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#888\"/>\n".formatted(x1, y1, x2, y2));
	}

	/**
	 * Return the chart as a document.
	 */
	String toSvg() {
		text(MARGIN, this.top, "middle", "0");
		text(WIDTH - MARGIN, this.top, "middle", format("%.0f min", this.minutes));
		return """
				<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
				<rect width="100%%" height="100%%" fill="white"/>
				%s</svg>
				""".formatted(WIDTH, this.top + 20, this.plots);
	}

	private static String format(String format, Object... values) {
		return String.format(Locale.ROOT, format, values);
	}

}
