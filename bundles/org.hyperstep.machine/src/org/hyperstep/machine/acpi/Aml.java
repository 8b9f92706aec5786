/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The few encodings that the DSDT is made of (ACPI specification, "AML Grammar Definition"). */
@SuppressWarnings("nls")
final class Aml {
	private static final int ZERO_OP = 0x00, ONE_OP = 0x01, NAME_OP = 0x08, BYTE_PREFIX = 0x0a, WORD_PREFIX = 0x0b,
			DWORD_PREFIX = 0x0c, SCOPE_OP = 0x10, BUFFER_OP = 0x11, PACKAGE_OP = 0x12, EXTENDED = 0x5b,
			DEVICE_OP = 0x82;
	/** A package length of one byte counts itself and goes up to this. */
	private static final int SHORT_LENGTH = 0x3f;
	private static final int LONGEST = 1 << 20;

	private Aml() {
	}

	/** DefName: a name of four characters. */
	static byte[] name(String name, byte[] value) {
		return concatenate(new byte[] { NAME_OP }, segment(name), value);
	}

	/** DefScope of a name, with a backslash before it. */
	static byte[] scope(String name, byte[]... terms) {
		return concatenate(new byte[] { SCOPE_OP }, sized(concatenate(("\\" + name).getBytes(StandardCharsets.US_ASCII),
				concatenate(terms))));
	}

	/** DefDevice. */
	static byte[] device(String name, byte[]... terms) {
		return concatenate(new byte[] { EXTENDED, (byte) DEVICE_OP },
				sized(concatenate(segment(name), concatenate(terms))));
	}

	/** A constant in its shortest encoding. */
	static byte[] integer(long value) {
		if (value == 0 || value == 1) {
			return new byte[] { (byte) (value == 0 ? ZERO_OP : ONE_OP) };
		}
		int size = value >>> 8 == 0 ? 1 : value >>> 16 == 0 ? 2 : 4;
		byte[] bytes = new byte[size + 1];
		bytes[0] = (byte) (size == 1 ? BYTE_PREFIX : size == 2 ? WORD_PREFIX : DWORD_PREFIX);
		for (int i = 0; i < size; i++) {
			bytes[i + 1] = (byte) (value >>> 8 * i);
		}
		return bytes;
	}

	/** The compressed identifier of a device: three letters and four digits. */
	static byte[] eisaId(String id) {
		int letters = (id.charAt(0) - '@') << 10 | (id.charAt(1) - '@') << 5 | id.charAt(2) - '@';
		int digits = Integer.parseInt(id.substring(3), 16);
		return new byte[] { DWORD_PREFIX, (byte) (letters >> 8), (byte) letters, (byte) (digits >> 8), (byte) digits };
	}

	/** DefPackage of constants. */
	static byte[] packageOf(int... values) {
		byte[][] elements = new byte[values.length][];
		for (int i = 0; i < values.length; i++) {
			elements[i] = integer(values[i] & 0xffffffffL);
		}
		return packageOf(elements);
	}

	/** DefPackage, of at most 255 elements. */
	static byte[] packageOf(byte[]... elements) {
		if (elements.length > 0xff) {
			throw new IllegalArgumentException("a package of " + elements.length + " elements");
		}
		return concatenate(new byte[] { PACKAGE_OP },
				sized(concatenate(new byte[] { (byte) elements.length }, concatenate(elements))));
	}

	/** DefBuffer. */
	static byte[] buffer(byte[] bytes) {
		return concatenate(new byte[] { BUFFER_OP }, sized(concatenate(integer(bytes.length), bytes)));
	}

	/** PkgLength and what it counts. */
	private static byte[] sized(byte[] contents) {
		if (contents.length + 1 <= SHORT_LENGTH) {
			return concatenate(new byte[] { (byte) (contents.length + 1) }, contents);
		}
		int more = contents.length + 2 < 1 << 12 ? 1 : 2;
		int length = contents.length + 1 + more;
		if (length >= LONGEST) {
			throw new IllegalArgumentException("a package of " + length + " bytes");
		}
		byte[] prefix = new byte[1 + more];
		prefix[0] = (byte) (more << 6 | length & 15);
		for (int i = 0; i < more; i++) {
			prefix[i + 1] = (byte) (length >> 4 + 8 * i);
		}
		return concatenate(prefix, contents);
	}

	private static byte[] segment(String name) {
		if (name.length() != 4) {
			throw new IllegalArgumentException("a name has four characters: " + name);
		}
		return name.getBytes(StandardCharsets.US_ASCII);
	}

	static byte[] concatenate(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}
}
