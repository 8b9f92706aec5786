/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86;

/** The I/O address space in plain operation. Called on the machine's thread. */
public interface PortAccess {
	/** No device at any port: reads are all ones, writes are dropped. */
	PortAccess NONE = new PortAccess() {
		@Override
		public int read(int port, int size) {
			return -1;
		}

		@Override
		public void write(int port, int size, int value) {
			// nobody listens
		}
	};

	/**
	 * Reads a port.
	 *
	 * @param port 0 to 0xffff
	 * @param size 1, 2 or 4 bytes
	 * @return the value in the low {@code size} bytes
	 */
	int read(int port, int size);

	/** Writes the low {@code size} bytes of {@code value} to a port. */
	void write(int port, int size, int value);
}
