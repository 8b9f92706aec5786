/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import java.util.Optional;

/** Works out from registers and memory what the display shows. */
final class Screen {
	private static final int MOST_COLUMNS = 256, MOST_ROWS = 256, CURSOR_OFF = 0x20, GLYPH = 32, GLYPH_WIDTH = 8;
	private static final int BLINKING = 8, WIDE_PIXELS = 0x40;

	private final VgaRegisters registers;
	private final DisplayInterface linear;
	private final VideoMemory memory;

	Screen(VgaRegisters registers, DisplayInterface linear, VideoMemory memory) {
		this.registers = registers;
		this.linear = linear;
		this.memory = memory;
	}

	private int crt(int register) {
		return registers.controller.get(register);
	}

	// Geometry

	private int columns() {
		return crt(VgaRegisters.CRT_COLUMNS) + 1;
	}

	private int scanLines() {
		int overflow = crt(VgaRegisters.CRT_OVERFLOW);
		return (crt(VgaRegisters.CRT_ROWS) | (overflow & 2) << 7 | (overflow & 0x40) << 3) + 1;
	}

	private int linesPerRow() {
		return (crt(VgaRegisters.CRT_MAXIMUM_SCAN_LINE) & 0x1f) + 1;
	}

	private int repeats() {
		return (crt(VgaRegisters.CRT_MAXIMUM_SCAN_LINE) & 0x80) != 0 ? 2 : 1;
	}

	private int start() {
		return crt(VgaRegisters.CRT_START) << 8 | crt(VgaRegisters.CRT_START + 1);
	}

	/** Places of four bytes from a line to the next. */
	private int pitch() {
		return 2 * crt(VgaRegisters.CRT_OFFSET);
	}

	private int at(int place, int plane) {
		return memory.get(place << 2 | plane);
	}

	// Text

	/** The text, or empty in a graphics mode. */
	Optional<TextScreen> text() {
		if (linear.isEnabled() || registers.isGraphics()) {
			return Optional.empty();
		}
		int columns = Math.min(columns(), MOST_COLUMNS);
		int rows = Math.min(scanLines() / (linesPerRow() * repeats()), MOST_ROWS);
		StringBuilder characters = new StringBuilder();
		byte[] attributes = new byte[columns * rows];
		for (int row = 0; row < rows; row++) {
			for (int column = 0; column < columns; column++) {
				int place = start() + row * pitch() + column;
				characters.append(TextScreen.character(at(place, 0)));
				attributes[row * columns + column] = (byte) at(place, 1);
			}
		}
		return Optional.of(new TextScreen(columns, rows, characters.toString(), attributes, cursor(columns, rows)));
	}

	private int cursor(int columns, int rows) {
		int distance = (crt(VgaRegisters.CRT_CURSOR) << 8 | crt(VgaRegisters.CRT_CURSOR + 1)) - start();
		boolean off = (crt(VgaRegisters.CRT_CURSOR_START) & CURSOR_OFF) != 0;
		if (off || distance < 0 || pitch() == 0) {
			return -1;
		}
		int row = distance / pitch();
		int column = distance % pitch();
		return row < rows && column < columns ? row * columns + column : -1;
	}

	// Pixels

	Picture picture() {
		if (linear.isEnabled()) {
			return linearPicture();
		}
		return registers.isGraphics() ? planarPicture() : textPicture();
	}

	private Picture linearPicture() {
		int width = linear.width();
		int height = linear.height();
		int[] pixels = new int[width * height];
		for (int y = 0; y < height; y++) {
			long line = linear.start() + (long) y * linear.pitch();
			for (int x = 0; x < width; x++) {
				pixels[y * width + x] = linearPixel(line, x);
			}
		}
		return new Picture(width, height, pixels);
	}

	private int linearPixel(long line, int x) {
		return switch (linear.depth()) {
			case 4 -> {
				int bits = 0;
				for (int plane = 0; plane < 4; plane++) {
					bits |= (at((int) line + (x >> 3), plane) >> 7 - (x & 7) & 1) << plane;
				}
				yield colour(bits);
			}
			case 8 -> registers.palette.rgb(bytes(line + x, 1), linear.wideColours());
			case 15 -> {
				int pixel = bytes(line + 2L * x, 2);
				yield (pixel >> 10 & 31) * 33 >> 2 << 16 | (pixel >> 5 & 31) * 33 >> 2 << 8 | (pixel & 31) * 33 >> 2;
			}
			case 16 -> {
				int pixel = bytes(line + 2L * x, 2);
				yield (pixel >> 11 & 31) * 33 >> 2 << 16 | (pixel >> 5 & 63) * 65 >> 4 << 8 | (pixel & 31) * 33 >> 2;
			}
			case 24 -> bytes(line + 3L * x, 3);
			default -> bytes(line + 4L * x, 4) & 0xffffff;
		};
	}

	private int bytes(long offset, int count) {
		int value = 0;
		for (int i = 0; i < count; i++) {
			value |= memory.get((int) (offset + i)) << 8 * i;
		}
		return value;
	}

	/** Sixteen colours in four planes, or 256 with the planes chained. */
	private Picture planarPicture() {
		boolean bytes = (registers.graphics.get(VgaRegisters.GFX_MODE) & WIDE_PIXELS) != 0;
		int width = columns() * (bytes ? 4 : 8);
		int height = scanLines() / (linesPerRow() * repeats());
		int[] pixels = new int[width * height];
		for (int y = 0; y < height; y++) {
			int line = start() + y * pitch();
			for (int x = 0; x < width; x++) {
				int value = 0;
				if (bytes) {
					value = at(line + (x >> 2), x & 3);
				} else {
					for (int plane = 0; plane < 4; plane++) {
						value |= (at(line + (x >> 3), plane) >> 7 - (x & 7) & 1) << plane;
					}
				}
				pixels[y * width + x] = bytes ? registers.palette.rgb(value, linear.wideColours()) : colour(value);
			}
		}
		return new Picture(width, height, pixels);
	}

	/** Characters of eight pixels from the first font in plane 2. */
	private Picture textPicture() {
		TextScreen text = text().orElseThrow();
		int glyphHeight = linesPerRow();
		int width = text.columns() * GLYPH_WIDTH;
		int[] pixels = new int[width * text.rows() * glyphHeight];
		for (int cell = 0; cell < text.columns() * text.rows(); cell++) {
			int row = cell / text.columns();
			int column = cell % text.columns();
			int place = start() + row * pitch() + column;
			int attribute = at(place, 1);
			for (int y = 0; y < glyphHeight; y++) {
				int bits = cell == text.cursor() && y >= glyphHeight - 2 ? 0xff : at(at(place, 0) * GLYPH + y, 2);
				for (int x = 0; x < GLYPH_WIDTH; x++) {
					boolean set = (bits >> 7 - x & 1) != 0;
					pixels[(row * glyphHeight + y) * width + column * GLYPH_WIDTH + x] = colour(
							set ? attribute & 15 : background(attribute));
				}
			}
		}
		return new Picture(width, text.rows() * glyphHeight, pixels);
	}

	private int background(int attribute) {
		boolean blinking = (registers.attributes.get(VgaRegisters.ATTR_MODE) & BLINKING) != 0;
		return attribute >> 4 & (blinking ? 7 : 15);
	}

	/** One of the attribute controller's 16 colours. */
	private int colour(int index) {
		int select = registers.attributes.get(VgaRegisters.ATTR_COLOUR_SELECT);
		int value = registers.attributes.get(index);
		boolean replaced = (registers.attributes.get(VgaRegisters.ATTR_MODE) & 0x80) != 0;
		int colour = replaced ? value & 0xf | (select & 3) << 4 : value & 0x3f;
		return registers.palette.rgb(colour | (select & 0xc) << 4, linear.wideColours());
	}
}
