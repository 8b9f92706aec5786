/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import java.io.ByteArrayOutputStream;

/** A list of resources of a device (ACPI specification, "Resource Data Types for ACPI"). */
final class ResourceTemplate {
	private static final int PORTS = 0x47, DECODES_16_BITS = 1, INTERRUPT = 0x22, END = 0x79, FIXED_MEMORY = 0x86,
			DWORD_SPACE = 0x87, WORD_SPACE = 0x88;
	private static final int MEMORY = 0, IO = 1, BUSES = 2, FIXED_ENDS = 0x0c, ENTIRE_RANGE = 3, READ_WRITE = 1;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	/** Ports that the device answers at. */
	ResourceTemplate ports(int first, int count) {
		return put(1, PORTS).put(1, DECODES_16_BITS).put(2, first).put(2, first).put(1, 1).put(1, count);
	}

	/** An ISA interrupt, edge-triggered. */
	ResourceTemplate interrupt(int irq) {
		return put(1, INTERRUPT).put(2, 1 << irq);
	}

	/** Memory that the device answers at. */
	ResourceTemplate memory(long first, long count) {
		return put(1, FIXED_MEMORY).put(2, 9).put(1, READ_WRITE).put(4, first).put(4, count);
	}

	/** Numbers of the buses behind a bridge. */
	ResourceTemplate buses(int first, int last) {
		return put(1, WORD_SPACE).put(2, 13).put(1, BUSES).put(1, FIXED_ENDS).put(1, 0).range(2, first, last);
	}

	/** Ports that a bridge hands on. */
	ResourceTemplate portWindow(int first, int last) {
		return put(1, WORD_SPACE).put(2, 13).put(1, IO).put(1, FIXED_ENDS).put(1, ENTIRE_RANGE).range(2, first, last);
	}

	/** Memory that a bridge hands on. */
	ResourceTemplate memoryWindow(long first, long last) {
		return put(1, DWORD_SPACE).put(2, 23).put(1, MEMORY).put(1, FIXED_ENDS).put(1, READ_WRITE).range(4, first,
				last);
	}

	/** Granularity, ends, translation offset, length. */
	private ResourceTemplate range(int size, long first, long last) {
		return put(size, 0).put(size, first).put(size, last).put(size, 0).put(size, last - first + 1);
	}

	private ResourceTemplate put(int size, long value) {
		for (int i = 0; i < size; i++) {
			bytes.write((int) (value >>> 8 * i));
		}
		return this;
	}

	/** The buffer object. */
	byte[] toAml() {
		put(1, END).put(1, 0);
		return Aml.buffer(bytes.toByteArray());
	}
}
