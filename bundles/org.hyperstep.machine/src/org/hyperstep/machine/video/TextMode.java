/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

/**
 * Mode 3 of a VGA, 80 by 25 characters in colour, as firmware leaves it (IBM VGA technical reference, "Video Modes"). The
 * character generator stays empty: what shows text as text needs none.
 */
final class TextMode {
	private static final int FIRST = VgaRegisters.FIRST_PORT;
	private static final int[] SEQUENCER = { 3, 0, 3, 0, 2 };
	private static final int[] CONTROLLER = { 0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0, 0x4f, 0x0d, 0x0e, 0, 0,
			0,
			0, 0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff };
	private static final int[] GRAPHICS = { 0, 0, 0, 0, 0, 0x10, 0x0e, 0, 0xff };
	private static final int[] ATTRIBUTES = { 0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,
			0x0c, 0, 0x0f, 8, 0 };
	private static final int COLOURS = 64, STRONG = 0x2a, WEAK = 0x15, SHOW = 0x20, BLANK = ' ', GREY_ON_BLACK = 7;
	private static final int CELLS = 0x4000;

	private TextMode() {
	}

	/** Sets the mode and clears the screen. */
	static void enter(VgaRegisters registers, VideoMemory memory) {
		registers.write(0x3c2 - FIRST, 1, 0x67);
		writeAll(registers, 0x3c4, SEQUENCER);
		writeAll(registers, 0x3d4, CONTROLLER);
		writeAll(registers, 0x3ce, GRAPHICS);
		// Reading the status makes the attribute controller take an index first.
		registers.read(0x3da - FIRST, 1);
		for (int i = 0; i < ATTRIBUTES.length; i++) {
			registers.write(0x3c0 - FIRST, 1, i);
			registers.write(0x3c0 - FIRST, 1, ATTRIBUTES[i]);
		}
		registers.write(0x3c0 - FIRST, 1, SHOW);
		registers.write(0x3c8 - FIRST, 1, 0);
		for (int colour = 0; colour < COLOURS; colour++) {
			for (int component = 2; component >= 0; component--) {
				int value = (colour >> component & 1) * STRONG + (colour >> component + 3 & 1) * WEAK;
				registers.write(0x3c9 - FIRST, 1, value);
			}
		}
		for (int cell = 0; cell < CELLS; cell++) {
			memory.set(4 * cell, BLANK);
			memory.set(4 * cell + 1, GREY_ON_BLACK);
		}
	}

	private static void writeAll(VgaRegisters registers, int port, int[] values) {
		for (int i = 0; i < values.length; i++) {
			registers.write(port - FIRST, 1, i);
			registers.write(port + 1 - FIRST, 1, values[i]);
		}
	}
}
