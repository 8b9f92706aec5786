/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.time.VirtualTime;

/** The VGA's registers at ports 0x3b0 to 0x3df (IBM VGA technical reference; FreeVGA project). */
@SuppressWarnings("nls")
final class VgaRegisters implements PortDevice {
	static final int FIRST_PORT = 0x3b0, PORTS = 0x30;
	/** Registers of the groups that others look at. */
	static final int SEQ_MAP_MASK = 2, SEQ_CHARACTER_MAP = 3, SEQ_MEMORY_MODE = 4;
	static final int GFX_MODE = 5, GFX_MISCELLANEOUS = 6;
	static final int CRT_COLUMNS = 1, CRT_OVERFLOW = 7, CRT_MAXIMUM_SCAN_LINE = 9, CRT_CURSOR_START = 10,
			CRT_START = 12, CRT_CURSOR = 14, CRT_RETRACE_END = 17, CRT_ROWS = 18, CRT_OFFSET = 19;
	static final int ATTR_MODE = 16, ATTR_COLOUR_SELECT = 20;
	private static final int MISC_COLOUR = 1, ATTR_DISPLAY = 0x20, CRT_PROTECTED = 0x80, LINE_COMPARE_8 = 0x10;
	/** 60 frames a second of 525 lines, the last 45 of them in vertical blanking, 8 in retrace. */
	private static final long FRAME = VirtualTime.SECOND / 60, LINE = FRAME / 525, SHOWN = 480 * LINE,
			RETRACE_END = 498 * LINE, RETRACE = 490 * LINE, LINE_SHOWN = LINE * 4 / 5;

	private final VirtualTime time;
	final IndexedRegisters sequencer = new IndexedRegisters("sequencer", 7, 3, 0x3d, 0xf, 0x3f, 0xe);
	final IndexedRegisters graphics = new IndexedRegisters("graphics", 0xf, 0xf, 0xf, 0xf, 0x1f, 3, 0x7b, 0xf, 0xf,
			0xff);
	final IndexedRegisters attributes = new IndexedRegisters("attributes", 0x1f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
			0x3f,
			0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0xef, 0xff, 0x3f, 0xf, 0xf);
	final IndexedRegisters controller = new IndexedRegisters("controller", 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff,
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
	final Palette palette = new Palette();
	private final java.util.function.BooleanSupplier wideColours;
	private int miscellaneous;
	private int feature;
	private boolean attributeData;
	private boolean display;

	VgaRegisters(VirtualTime time, java.util.function.BooleanSupplier wideColours) {
		this.time = time;
		this.wideColours = wideColours;
	}

	void reset() {
		sequencer.reset();
		graphics.reset();
		attributes.reset();
		controller.reset();
		palette.reset();
		miscellaneous = MISC_COLOUR;
		feature = 0;
		attributeData = false;
		display = false;
	}

	DeviceState state() {
		return new DeviceState().part("sequencer", sequencer.state()).part("graphics", graphics.state())
				.part("attributes", attributes.state()).part("controller", controller.state())
				.part("palette", palette.state())
				.number("miscellaneous", () -> miscellaneous, v -> miscellaneous = (int) v)
				.number("feature", () -> feature, v -> feature = (int) v)
				.flag("attributeData", () -> attributeData, v -> attributeData = v)
				.flag("display", () -> display, v -> display = v);
	}

	/** Whether the attribute controller lets the picture through. */
	boolean isDisplaying() {
		return display;
	}

	/** Whether memory shows as pixels, not as text. */
	boolean isGraphics() {
		return (graphics.get(GFX_MISCELLANEOUS) & 1) != 0;
	}

	/** CRT controller, input status 1 and feature control are at 0x3bx or 0x3dx; -1 at the place where they are not. */
	private int decode(int port) {
		boolean monochromePlace = port < 0x3c0;
		boolean colourPlace = port >= 0x3d0;
		if (!monochromePlace && !colourPlace) {
			return port;
		}
		return colourPlace == ((miscellaneous & MISC_COLOUR) != 0) ? port & 0xf | 0x3d0 : -1;
	}

	@Override
	public long read(int offset, int size) {
		return switch (decode(FIRST_PORT + offset)) {
			case 0x3c0 -> attributeData ? attributes.read() : attributes.index() | (display ? ATTR_DISPLAY : 0);
			case 0x3c1 -> attributes.read();
			case 0x3c2 -> 0x10;
			case 0x3c4 -> sequencer.index();
			case 0x3c5 -> sequencer.read();
			case 0x3c6 -> palette.mask();
			case 0x3c7 -> palette.mode();
			case 0x3c8 -> palette.writeIndex();
			case 0x3c9 -> palette.readNext();
			case 0x3ca -> feature;
			case 0x3cc -> miscellaneous;
			case 0x3ce -> graphics.index();
			case 0x3cf -> graphics.read();
			case 0x3d4 -> controller.index();
			case 0x3d5 -> controller.read();
			case 0x3da -> status();
			default -> -1;
		};
	}

	/** Input status register 1; reading it makes the attribute controller take an index next. */
	private int status() {
		attributeData = false;
		long inFrame = time.now() % FRAME;
		boolean shown = inFrame < SHOWN && inFrame % LINE < LINE_SHOWN;
		return (shown ? 0 : 1) | (inFrame >= RETRACE && inFrame < RETRACE_END ? 8 : 0);
	}

	@Override
	public void write(int offset, int size, long data) {
		int value = (int) data;
		switch (decode(FIRST_PORT + offset)) {
			case 0x3c0 -> writeAttribute(value);
			case 0x3c2 -> miscellaneous = value & 0xef;
			case 0x3c4 -> sequencer.select(value);
			case 0x3c5 -> sequencer.write(value);
			case 0x3c6 -> palette.setMask(value);
			case 0x3c7 -> palette.setReadIndex(value);
			case 0x3c8 -> palette.setWriteIndex(value);
			case 0x3c9 -> palette.writeNext(value, wideColours.getAsBoolean());
			case 0x3ce -> graphics.select(value);
			case 0x3cf -> graphics.write(value);
			case 0x3d4 -> controller.select(value);
			case 0x3d5 -> writeController(value);
			case 0x3da -> feature = value & 0x10;
			default -> {
				// Read-only, or no register.
			}
		}
	}

	private void writeAttribute(int value) {
		if (attributeData) {
			attributes.write(value);
		} else {
			attributes.select(value);
			display = (value & ATTR_DISPLAY) != 0;
		}
		attributeData = !attributeData;
	}

	/** "CRTC Registers Protect Enable": registers 0 to 7 keep their values but for one bit of the line compare. */
	private void writeController(int value) {
		if (controller.index() > CRT_OVERFLOW || (controller.get(CRT_RETRACE_END) & CRT_PROTECTED) == 0) {
			controller.write(value);
		} else if (controller.index() == CRT_OVERFLOW) {
			controller.write(value, LINE_COMPARE_8);
		}
	}
}
