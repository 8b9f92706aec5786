/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** A structure of the ACPI specification: its fields in their order, by their names there; little-endian. */
@SuppressWarnings("nls")
final class AcpiStructure {
	private static final String OEM = "HYPSTP", OEM_TABLE = "HYPERSTP";
	/** Bytes of the header that all tables but RSDP and FACS begin with. */
	static final int HEADER = 36;
	private static final int SYSTEM_IO = 1;

	private record Checksum(int at, int length) {
	}

	private final ByteArrayOutputStream contents = new ByteArrayOutputStream();
	private final Map<String, Integer> offsets = new LinkedHashMap<>();
	private final Map<String, Checksum> checksums = new LinkedHashMap<>();

	/** A table with the header of all ("System Description Table Header"); its length and checksum are filled in. */
	static AcpiStructure table(String signature, int revision) {
		return new AcpiStructure().text("Signature", 4, signature).number("Length", 4, 0)
				.number("Revision", 1, revision)
				.checksum("Checksum", 0).text("OEMID", 6, OEM).text("OEM Table ID", 8, OEM_TABLE)
				.number("OEM Revision", 4, 1).text("Creator ID", 4, "HYPS").number("Creator Revision", 4, 1);
	}

	/** The OEMID of all tables. */
	static String oem() {
		return OEM;
	}

	AcpiStructure number(String name, int size, long value) {
		offsets.put(name, contents.size());
		return put(size, value);
	}

	AcpiStructure text(String name, int size, String text) {
		offsets.put(name, contents.size());
		for (int i = 0; i < size; i++) {
			contents.write(i < text.length() ? text.charAt(i) : ' ');
		}
		return this;
	}

	/** Bytes that the specification reserves, or whose fields all are zero here. */
	AcpiStructure zeros(String name, int size) {
		offsets.put(name, contents.size());
		contents.writeBytes(new byte[size]);
		return this;
	}

	/** A register in I/O space ("Generic Address Structure"). */
	AcpiStructure port(String name, int port, int bits) {
		offsets.put(name, contents.size());
		return put(1, SYSTEM_IO).put(1, bits).put(1, 0).put(1, bits == 32 ? 3 : bits == 16 ? 2 : 1).put(8, port);
	}

	/** Fields of a sub-structure, each given by its size and its value. */
	AcpiStructure entry(long... sizesAndValues) {
		for (int i = 0; i < sizesAndValues.length; i += 2) {
			put((int) sizesAndValues[i], sizesAndValues[i + 1]);
		}
		return this;
	}

	AcpiStructure bytes(byte[] bytes) {
		contents.writeBytes(bytes);
		return this;
	}

	/** A byte that makes the sum of the first {@code length} bytes zero; 0 stands for all of them. */
	AcpiStructure checksum(String name, int length) {
		checksums.put(name, new Checksum(contents.size(), length));
		return number(name, 1, 0);
	}

	/** Where a field begins. */
	int offset(String name) {
		if (!offsets.containsKey(name)) {
			throw new IllegalArgumentException("no field " + name);
		}
		return offsets.get(name);
	}

	/** The structure with its length and its checksums. */
	byte[] toBytes() {
		byte[] bytes = contents.toByteArray();
		int length = offset("Length");
		for (int i = 0; i < 4; i++) {
			bytes[length + i] = (byte) (bytes.length >> 8 * i);
		}
		for (Checksum checksum : checksums.values()) {
			bytes[checksum.at] = (byte) -sum(bytes, checksum.length == 0 ? bytes.length : checksum.length);
		}
		return bytes;
	}

	private static int sum(byte[] bytes, int length) {
		int sum = 0;
		for (int i = 0; i < length; i++) {
			sum += bytes[i];
		}
		return sum;
	}

	private AcpiStructure put(int size, long value) {
		for (int i = 0; i < size; i++) {
			contents.write((int) (value >>> 8 * i));
		}
		return this;
	}
}
