/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/** A device in the physical address space. It sees offsets and sizes only. Called on the machine's thread. */
public interface MmioDevice {

	/**
	 * Reads a register.
	 *
	 * @param offset bytes from the start of the device's range
	 * @param size   1, 2, 4 or 8
	 * @return the value in the low {@code size} bytes; the rest is ignored
	 */
	long read(long offset, int size);

	/**
	 * Writes a register.
	 *
	 * @param offset bytes from the start of the device's range
	 * @param size   1, 2, 4 or 8
	 * @param value  the value in the low {@code size} bytes
	 */
	void write(long offset, int size, long value);
}
