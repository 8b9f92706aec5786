/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

/** The registers in a virtual-APIC page (Intel SDM, "Virtual APIC State"). */
final class VirtualApicPage {
	static final int TPR = 0x80, PPR = 0xa0, EOI = 0xb0, ISR = 0x100, IRR = 0x200, ICR_LOW = 0x300, ICR_HIGH = 0x310,
			SELF_IPI = 0x3f0;

	private final LowerMemory memory;
	private long address;

	VirtualApicPage(LowerMemory memory) {
		this.memory = memory;
	}

	void setAddress(long page) {
		address = page;
	}

	long read(int offset) {
		return memory.read(address + offset, 4);
	}

	long read(int offset, int size) {
		return memory.read(address + offset, size);
	}

	void write(int offset, long value) {
		memory.write(address + offset, 4, value);
	}

	void write(int offset, int size, long value) {
		memory.write(address + offset, size, value);
	}

	private static int register(int base, int vector) {
		return base + (vector >> 5) * 16;
	}

	void setBit(int base, int vector, boolean on) {
		int offset = register(base, vector);
		long bit = 1L << (vector & 31);
		long value = read(offset);
		write(offset, on ? value | bit : value & ~bit);
	}

	/** The highest vector whose bit is set, or 0. */
	int highest(int base) {
		for (int i = 7; i >= 0; i--) {
			int bits = (int) read(base + i * 16);
			if (bits != 0) {
				return i * 32 + 31 - Integer.numberOfLeadingZeros(bits);
			}
		}
		return 0;
	}
}
