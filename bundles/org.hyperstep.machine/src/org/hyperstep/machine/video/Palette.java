/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import org.hyperstep.machine.bus.DeviceState;

/** The digital-to-analog converter: 256 colours of three components, six bits each, or eight if the adapter says so. */
final class Palette {
	private static final int COLOURS = 256, COMPONENTS = 3;

	private final byte[] values = new byte[COLOURS * COMPONENTS];
	private int mask;
	private int readAt;
	private int writeAt;
	private boolean reading;

	void reset() {
		java.util.Arrays.fill(values, (byte) 0);
		mask = 0xff;
		readAt = 0;
		writeAt = 0;
		reading = false;
	}

	@SuppressWarnings("nls")
	DeviceState state() {
		return new DeviceState().bytes("colours", values).number("mask", () -> mask, v -> mask = (int) v)
				.number("readAt", () -> readAt, v -> readAt = (int) v)
				.number("writeAt", () -> writeAt, v -> writeAt = (int) v)
				.flag("reading", () -> reading, v -> reading = v);
	}

	int mask() {
		return mask;
	}

	void setMask(int value) {
		mask = value;
	}

	/** Bits 1:0 say whether colours are being read (3) or written (0). */
	int mode() {
		return reading ? 3 : 0;
	}

	int writeIndex() {
		return writeAt / COMPONENTS;
	}

	void setReadIndex(int colour) {
		readAt = colour * COMPONENTS;
		reading = true;
	}

	void setWriteIndex(int colour) {
		writeAt = colour * COMPONENTS;
		reading = false;
	}

	int readNext() {
		int value = values[readAt] & 0xff;
		readAt = (readAt + 1) % values.length;
		return value;
	}

	void writeNext(int value, boolean wide) {
		values[writeAt] = (byte) (wide ? value : value & 0x3f);
		writeAt = (writeAt + 1) % values.length;
	}

	/** A colour as 0xRRGGBB. */
	int rgb(int colour, boolean wide) {
		int at = (colour & mask) * COMPONENTS;
		int rgb = 0;
		for (int i = 0; i < COMPONENTS; i++) {
			int value = values[at + i] & 0xff;
			rgb = rgb << 8 | (wide ? value : value << 2 | value >> 4);
		}
		return rgb;
	}
}
