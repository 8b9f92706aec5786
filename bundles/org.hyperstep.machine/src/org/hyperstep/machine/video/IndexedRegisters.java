/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import org.hyperstep.machine.bus.DeviceState;

/** A group of VGA registers behind an index port. What is not in the mask reads as zero. */
final class IndexedRegisters {
	private final String name;
	private final int indexMask;
	private final int[] masks;
	private final int[] values;
	private int index;

	/** {@code masks}: the bits that each register has, from index 0 on; there are no registers behind them. */
	IndexedRegisters(String name, int indexMask, int... masks) {
		this.name = name;
		this.indexMask = indexMask;
		this.masks = masks;
		values = new int[masks.length];
	}

	void reset() {
		index = 0;
		java.util.Arrays.fill(values, 0);
	}

	@SuppressWarnings("nls")
	DeviceState state() {
		return new DeviceState().number(name + "Index", () -> index, v -> index = (int) v).numbers(name, values);
	}

	int index() {
		return index;
	}

	void select(int value) {
		index = value & indexMask;
	}

	int get(int register) {
		return values[register];
	}

	int read() {
		return index < values.length ? values[index] : 0;
	}

	void write(int value) {
		write(value, 0xff);
	}

	/** Writes the bits of {@code changeable} only. */
	void write(int value, int changeable) {
		if (index < values.length) {
			int bits = masks[index] & changeable;
			values[index] = values[index] & ~bits | value & bits;
		}
	}
}
