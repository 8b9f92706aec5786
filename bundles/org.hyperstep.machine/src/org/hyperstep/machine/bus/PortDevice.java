/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

/** A range of I/O ports. It sees offsets and sizes only. Called on the machine's thread. */
public interface PortDevice {

	/**
	 * Reads a port.
	 *
	 * @param offset ports from the first one of the range
	 * @param size   1, 2 or 4 bytes, not wider than the range was attached for
	 * @return the value in the low {@code size} bytes; the rest is ignored
	 */
	long read(int offset, int size);

	/**
	 * Writes a port.
	 *
	 * @param offset ports from the first one of the range
	 * @param size   1, 2 or 4 bytes, not wider than the range was attached for
	 * @param value  the value in the low {@code size} bytes; the rest is zero
	 */
	void write(int offset, int size, long value);
}
