/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.bus.DeviceState;

/**
 * One 8259A programmable interrupt controller (Intel 8259A data sheet), with the edge/level register that PC chip sets put
 * in place of ICW1.LTIM. Buffered mode has no effect, as in a PC.
 */
final class Pic8259 {
	private static final int ICW1 = 0x10, ICW1_IC4 = 1, ICW1_SINGLE = 2;
	private static final int ICW4_AEOI = 2, ICW4_SPECIAL_FULLY_NESTED = 0x10;
	private static final int OCW3 = 0x08, OCW3_POLL = 4;
	private static final int IR7 = 7;

	/** Which initialisation command word is expected next at the odd port. */
	private enum Expected {
		OCW1, ICW2, ICW3, ICW4
	}

	private final boolean master;
	/** Levels of the eight inputs, and rising edges since the last acknowledge. */
	private int lines;
	private int edges;
	private int inService;
	private int mask;
	private int levelTriggered;
	private int vectorBase;
	private Expected expected = Expected.OCW1;
	private boolean icw4Follows;
	private boolean single;
	private boolean autoEoi;
	private boolean rotateOnAutoEoi;
	private boolean specialFullyNested;
	private boolean specialMask;
	private boolean readInService;
	private boolean poll;
	/** The input with the lowest priority. */
	private int lowest = IR7;

	Pic8259(boolean master) {
		this.master = master;
	}

	void reset() {
		lines = 0;
		levelTriggered = 0;
		vectorBase = 0;
		expected = Expected.OCW1;
		icw4Follows = false;
		single = false;
		specialFullyNested = false;
		initialise();
		// Until it is initialised it must not interrupt: firmware has not run, and no data sheet gives a mask at power-on.
		mask = 0xff;
	}

	private void initialise() {
		edges = 0;
		inService = 0;
		mask = 0;
		autoEoi = false;
		rotateOnAutoEoi = false;
		specialMask = false;
		readInService = false;
		poll = false;
		lowest = IR7;
	}

	@SuppressWarnings("nls")
	DeviceState state() {
		return new DeviceState().number("lines", () -> lines, v -> lines = (int) v)
				.number("edges", () -> edges, v -> edges = (int) v)
				.number("isr", () -> inService, v -> inService = (int) v).number("imr", () -> mask, v -> mask = (int) v)
				.number("elcr", () -> levelTriggered, v -> levelTriggered = (int) v)
				.number("vectorBase", () -> vectorBase, v -> vectorBase = (int) v)
				.number("expected", () -> expected.ordinal(), v -> expected = Expected.values()[(int) v])
				.flag("icw4Follows", () -> icw4Follows, v -> icw4Follows = v)
				.flag("single", () -> single, v -> single = v)
				.flag("autoEoi", () -> autoEoi, v -> autoEoi = v)
				.flag("rotateOnAutoEoi", () -> rotateOnAutoEoi, v -> rotateOnAutoEoi = v)
				.flag("specialFullyNested", () -> specialFullyNested, v -> specialFullyNested = v)
				.flag("specialMask", () -> specialMask, v -> specialMask = v)
				.flag("readInService", () -> readInService, v -> readInService = v)
				.flag("poll", () -> poll, v -> poll = v)
				.number("lowest", () -> lowest, v -> lowest = (int) v);
	}

	void setLine(int input, boolean asserted) {
		int bit = 1 << input;
		if (asserted) {
			edges |= bit & ~lines;
			lines |= bit;
		} else {
			// The input must stay high until it is acknowledged, or the request is gone.
			lines &= ~bit;
			edges &= ~bit;
		}
	}

	int levelTriggered() {
		return levelTriggered;
	}

	void setLevelTriggered(int inputs) {
		levelTriggered = inputs;
	}

	/** The INT output. */
	boolean requests() {
		return highest() >= 0;
	}

	/** IRR. */
	int requested() {
		return lines & levelTriggered | edges & ~levelTriggered;
	}

	int inService() {
		return inService;
	}

	int mask() {
		return mask;
	}

	/** The input that would be acknowledged, or -1. */
	int highest() {
		int request = priority(requested() & ~mask);
		int blocking = specialMask ? inService & ~mask : inService;
		if (specialFullyNested && master) {
			// The slave itself decides what may interrupt what it has in service.
			blocking &= ~(1 << InterruptControllers.CASCADE);
		}
		return request < priority(blocking) ? lowest + 1 + request & 7 : -1;
	}

	/** How far the first of {@code inputs} is from the highest priority: 0 to 7, or 8 for none. */
	private int priority(int inputs) {
		for (int distance = 0; distance < 8; distance++) {
			if ((inputs >> (lowest + 1 + distance & 7) & 1) != 0) {
				return distance;
			}
		}
		return 8;
	}

	/** The interrupt acknowledge cycle's part here: the input taken, or -1 for a spurious one, which is IR7 without ISR. */
	int take() {
		int input = highest();
		if (input >= 0) {
			edges &= ~(1 << input);
			if (!autoEoi) {
				inService |= 1 << input;
			} else if (rotateOnAutoEoi) {
				lowest = input;
			}
		}
		return input;
	}

	/** The vector of an input; -1 is the spurious one. */
	int vector(int input) {
		return vectorBase | input & IR7;
	}

	int readCommand() {
		if (poll) {
			return pollWord();
		}
		return readInService ? inService : requested();
	}

	int readData() {
		return poll ? pollWord() : mask;
	}

	private int pollWord() {
		poll = false;
		int input = take();
		return input < 0 ? 0 : 0x80 | input;
	}

	void writeCommand(int value) {
		if ((value & ICW1) != 0) {
			initialise();
			single = (value & ICW1_SINGLE) != 0;
			icw4Follows = (value & ICW1_IC4) != 0;
			if (!icw4Follows) {
				specialFullyNested = false;
			}
			expected = Expected.ICW2;
		} else if ((value & OCW3) != 0) {
			writeOcw3(value);
		} else {
			writeOcw2(value);
		}
	}

	void writeData(int value) {
		switch (expected) {
			case OCW1 -> mask = value;
			case ICW2 -> {
				vectorBase = value & 0xf8;
				expected = !single ? Expected.ICW3 : icw4Follows ? Expected.ICW4 : Expected.OCW1;
			}
			// Which input has the slave, and the slave's number, are wired in a PC.
			case ICW3 -> expected = icw4Follows ? Expected.ICW4 : Expected.OCW1;
			case ICW4 -> {
				autoEoi = (value & ICW4_AEOI) != 0;
				specialFullyNested = (value & ICW4_SPECIAL_FULLY_NESTED) != 0;
				expected = Expected.OCW1;
			}
		}
	}

	private void writeOcw2(int value) {
		int level = value & 7;
		switch (value >> 5) {
			case 0 -> rotateOnAutoEoi = false;
			case 4 -> rotateOnAutoEoi = true;
			case 1 -> endHighest(false);
			case 5 -> endHighest(true);
			case 3 -> inService &= ~(1 << level);
			case 7 -> {
				inService &= ~(1 << level);
				lowest = level;
			}
			case 6 -> lowest = level;
			default -> {
				// 010b is "no operation".
			}
		}
	}

	/** Non-specific EOI; in special mask mode a masked ISR bit is not cleared by it. */
	private void endHighest(boolean rotate) {
		int distance = priority(specialMask ? inService & ~mask : inService);
		if (distance < 8) {
			int input = lowest + 1 + distance & 7;
			inService &= ~(1 << input);
			if (rotate) {
				lowest = input;
			}
		}
	}

	private void writeOcw3(int value) {
		poll = (value & OCW3_POLL) != 0;
		if ((value & 2) != 0) {
			readInService = (value & 1) != 0;
		}
		if ((value & 0x40) != 0) {
			specialMask = (value & 0x20) != 0;
		}
	}
}
