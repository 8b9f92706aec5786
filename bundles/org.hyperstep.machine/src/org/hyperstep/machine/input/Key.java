/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.input;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** The keys of a PC keyboard with the codes that they make in scan code sets 1, 2 and 3. */
@SuppressWarnings("nls")
public enum Key {
	ESCAPE(0x01, 0x76, 0x08), DIGIT_1(0x02, 0x16, "1!"), DIGIT_2(0x03, 0x1e, "2@"), DIGIT_3(0x04, 0x26, "3#"),
	DIGIT_4(0x05, 0x25, "4$"), DIGIT_5(0x06, 0x2e, "5%"), DIGIT_6(0x07, 0x36, "6^"), DIGIT_7(0x08, 0x3d, "7&"),
	DIGIT_8(0x09, 0x3e, "8*"), DIGIT_9(0x0a, 0x46, "9("), DIGIT_0(0x0b, 0x45, "0)"), MINUS(0x0c, 0x4e, "-_"),
	EQUAL(0x0d, 0x55, "=+"), BACKSPACE(0x0e, 0x66, "\b"), TAB(0x0f, 0x0d, "\t"), Q(0x10, 0x15, "qQ"),
	W(0x11, 0x1d, "wW"), E(0x12, 0x24, "eE"), R(0x13, 0x2d, "rR"), T(0x14, 0x2c, "tT"), Y(0x15, 0x35, "yY"),
	U(0x16, 0x3c, "uU"), I(0x17, 0x43, "iI"), O(0x18, 0x44, "oO"), P(0x19, 0x4d, "pP"),
	LEFT_BRACKET(0x1a, 0x54, "[{"), RIGHT_BRACKET(0x1b, 0x5b, "]}"), ENTER(0x1c, 0x5a, "\n"),
	LEFT_CONTROL(0x1d, 0x14, 0x11), A(0x1e, 0x1c, "aA"), S(0x1f, 0x1b, "sS"), D(0x20, 0x23, "dD"), F(0x21, 0x2b, "fF"),
	G(0x22, 0x34, "gG"), H(0x23, 0x33, "hH"), J(0x24, 0x3b, "jJ"), K(0x25, 0x42, "kK"), L(0x26, 0x4b, "lL"),
	SEMICOLON(0x27, 0x4c, ";:"), APOSTROPHE(0x28, 0x52, "'\""), GRAVE(0x29, 0x0e, "`~"), LEFT_SHIFT(0x2a, 0x12),
	BACKSLASH(0x2b, 0x5d, 0x5c, "\\|"), Z(0x2c, 0x1a, "zZ"), X(0x2d, 0x22, "xX"), C(0x2e, 0x21, "cC"),
	V(0x2f, 0x2a, "vV"),
	B(0x30, 0x32, "bB"), N(0x31, 0x31, "nN"), M(0x32, 0x3a, "mM"), COMMA(0x33, 0x41, ",<"), PERIOD(0x34, 0x49, ".>"),
	SLASH(0x35, 0x4a, "/?"), RIGHT_SHIFT(0x36, 0x59), KEYPAD_MULTIPLY(0x37, 0x7c, 0x7e), LEFT_ALT(0x38, 0x11, 0x19),
	SPACE(0x39, 0x29, " "), CAPS_LOCK(0x3a, 0x58, 0x14), F1(0x3b, 0x05, 0x07), F2(0x3c, 0x06, 0x0f),
	F3(0x3d, 0x04, 0x17), F4(0x3e, 0x0c, 0x1f),
	F5(0x3f, 0x03, 0x27), F6(0x40, 0x0b, 0x2f), F7(0x41, 0x83, 0x37), F8(0x42, 0x0a, 0x3f), F9(0x43, 0x01, 0x47),
	F10(0x44, 0x09, 0x4f),
	NUM_LOCK(0x45, 0x77, 0x76), SCROLL_LOCK(0x46, 0x7e, 0x5f), KEYPAD_7(0x47, 0x6c), KEYPAD_8(0x48, 0x75),
	KEYPAD_9(0x49, 0x7d),
	KEYPAD_SUBTRACT(0x4a, 0x7b, 0x84), KEYPAD_4(0x4b, 0x6b), KEYPAD_5(0x4c, 0x73), KEYPAD_6(0x4d, 0x74),
	KEYPAD_ADD(0x4e, 0x79, 0x7c), KEYPAD_1(0x4f, 0x69), KEYPAD_2(0x50, 0x72), KEYPAD_3(0x51, 0x7a),
	KEYPAD_0(0x52, 0x70),
	KEYPAD_DECIMAL(0x53, 0x71), ISO(0x56, 0x61, 0x13), F11(0x57, 0x78, 0x56), F12(0x58, 0x07, 0x5e), //
	KEYPAD_ENTER(0xe01c, 0xe05a, 0x79), RIGHT_CONTROL(0xe01d, 0xe014, 0x58), KEYPAD_DIVIDE(0xe035, 0xe04a, 0x77),
	PRINT_SCREEN(0xe037, 0xe07c, 0x57), RIGHT_ALT(0xe038, 0xe011, 0x39), HOME(0xe047, 0xe06c, 0x6e),
	UP(0xe048, 0xe075, 0x63),
	PAGE_UP(0xe049, 0xe07d, 0x6f), LEFT(0xe04b, 0xe06b, 0x61), RIGHT(0xe04d, 0xe074, 0x6a), END(0xe04f, 0xe069, 0x65),
	DOWN(0xe050, 0xe072, 0x60),
	PAGE_DOWN(0xe051, 0xe07a, 0x6d), INSERT(0xe052, 0xe070, 0x67), DELETE(0xe053, 0xe071, 0x64),
	LEFT_META(0xe05b, 0xe01f, 0x8b),
	RIGHT_META(0xe05c, 0xe027, 0x8c), MENU(0xe05d, 0xe02f, 0x8d),
	/** Its codes are those of Control and Num Lock behind 0xe1, and it makes them when it is pressed. */
	PAUSE(0xe145, 0xe177, 0x62);

	/** The channel of the input gate on which keys come: two bytes each, as {@link #event} makes them. */
	public static final String CHANNEL = "keyboard";
	/** Bytes of an event. */
	public static final int EVENT = 2;
	private static final int PRESSED = 1, EXTENDED = 2, PAUSE_PREFIX = 4;

	private final int set1;
	private final int set2;
	private final int set3;
	private final String characters;

	Key(int set1, int set2) {
		this(set1, set2, set2, "");
	}

	Key(int set1, int set2, int set3) {
		this(set1, set2, set3, "");
	}

	/** {@code characters}: what it types, plain and with shift, on a keyboard of the United States. */
	Key(int set1, int set2, String characters) {
		this(set1, set2, set2, characters);
	}

	Key(int set1, int set2, int set3, String characters) {
		this.set1 = set1;
		this.set2 = set2;
		this.set3 = set3;
		this.characters = characters;
	}

	/** The code in set 1, 2 or 3; 0xe0 in the high byte if that comes before it, 0xe1 for {@link #PAUSE}. */
	public int code(int set) {
		return set == 1 ? set1 : set == 2 ? set2 : set3;
	}

	/** The key with a code of set 1, if there is one. */
	public static Optional<Key> ofSet1(int code) {
		for (Key key : values()) {
			if (key.set1 == code) {
				return Optional.of(key);
			}
		}
		return Optional.empty();
	}

	/** What goes through the input gate when the key is pressed or released. */
	public byte[] event(boolean pressed) {
		int prefix = this == PAUSE ? PAUSE_PREFIX : set1 > 0xff ? EXTENDED : 0;
		return new byte[] { (byte) ((pressed ? PRESSED : 0) | prefix), (byte) set1 };
	}

	/** Pressing and releasing the key, the one after the other. */
	public byte[] stroke() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(event(true));
		bytes.writeBytes(event(false));
		return bytes.toByteArray();
	}

	/** Whether an event is of a pressed key. */
	public static boolean isPressed(byte[] events, int offset) {
		return (events[offset] & PRESSED) != 0;
	}

	/** The key of an event, if there is such a key. */
	public static Optional<Key> of(byte[] events, int offset) {
		int prefix = (events[offset] & PAUSE_PREFIX) != 0 ? 0xe100 : (events[offset] & EXTENDED) != 0 ? 0xe000 : 0;
		return ofSet1(events[offset + 1] & 0xff | prefix);
	}

	/**
	 * The events of typing a text on a keyboard of the United States.
	 *
	 * @throws IllegalArgumentException if no key types one of the characters
	 */
	public static byte[] typing(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		text.chars().forEach(character -> type(character, bytes));
		return bytes.toByteArray();
	}

	private static void type(int character, ByteArrayOutputStream bytes) {
		for (Key key : values()) {
			int at = key.characters.indexOf(character);
			if (at >= 0) {
				if (at > 0) {
					bytes.writeBytes(LEFT_SHIFT.event(true));
				}
				bytes.writeBytes(key.stroke());
				if (at > 0) {
					bytes.writeBytes(LEFT_SHIFT.event(false));
				}
				return;
			}
		}
		throw new IllegalArgumentException("no key types '" + (char) character + "'");
	}
}
