/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import org.hyperstep.x86.memory.MmioDevice;

/** Bytes that can be read only. */
record RomContents(byte[] bytes) implements MmioDevice {
	@Override
	public long read(long offset, int size) {
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= (bytes[(int) offset + i] & 0xffL) << 8 * i;
		}
		return value;
	}

	@Override
	public void write(long offset, int size, long value) {
		// Read-only.
	}
}
