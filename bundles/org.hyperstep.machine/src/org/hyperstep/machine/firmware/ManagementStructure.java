/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One structure of SMBIOS: its formatted area and the strings behind it (SMBIOS specification, "Structure Standards"). */
final class ManagementStructure {
	private static final int HEADER = 4;

	private final int type;
	private final int handle;
	private final ByteArrayOutputStream fields = new ByteArrayOutputStream();
	private final List<String> strings = new ArrayList<>();

	ManagementStructure(int type, int handle) {
		this.type = type;
		this.handle = handle;
	}

	int handle() {
		return handle;
	}

	/** Fields, each given by its size and its value. */
	ManagementStructure fields(long... sizesAndValues) {
		for (int i = 0; i < sizesAndValues.length; i += 2) {
			for (int at = 0; at < sizesAndValues[i]; at++) {
				fields.write((int) (sizesAndValues[i + 1] >>> 8 * at));
			}
		}
		return this;
	}

	/** A field that names a string. */
	ManagementStructure text(String text) {
		strings.add(text);
		return fields(1, strings.size());
	}

	byte[] toBytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(type);
		bytes.write(HEADER + fields.size());
		bytes.write(handle);
		bytes.write(handle >> 8);
		bytes.writeBytes(fields.toByteArray());
		for (String text : strings) {
			bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
			bytes.write(0);
		}
		if (strings.isEmpty()) {
			bytes.write(0);
		}
		bytes.write(0);
		return bytes.toByteArray();
	}
}
