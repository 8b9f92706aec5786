/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Terms of the ACPI machine language that the DSDT here is made of (ACPI specification, "AML Grammar Definition"). */
@SuppressWarnings("nls")
final class Aml {
	private static final int ZERO_OP = 0x00, NAME_OP = 0x08, BYTE_PREFIX = 0x0a, PACKAGE_OP = 0x12;
	private static final int LONGEST = 0x3f;

	private Aml() {
	}

	/** DefName: a name of four characters in the root scope. */
	static byte[] name(String name, byte[] value) {
		return concatenate(new byte[] { NAME_OP }, name.getBytes(StandardCharsets.US_ASCII), value);
	}

	/** DefPackage of bytes; its length must fit a one-byte PkgLength. */
	static byte[] packageOf(int... values) {
		byte[][] elements = new byte[values.length][];
		for (int i = 0; i < values.length; i++) {
			elements[i] = values[i] == 0 ? new byte[] { ZERO_OP } : new byte[] { BYTE_PREFIX, (byte) values[i] };
		}
		byte[] list = concatenate(elements);
		if (list.length + 2 > LONGEST) {
			throw new IllegalArgumentException("a package of " + list.length + " bytes needs a longer PkgLength");
		}
		return concatenate(new byte[] { PACKAGE_OP, (byte) (list.length + 2), (byte) values.length }, list);
	}

	private static byte[] concatenate(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}
}
