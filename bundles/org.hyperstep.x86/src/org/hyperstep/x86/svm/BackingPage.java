/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

/** The registers in a vAPIC backing page (AMD APM volume 2, "Virtual APIC Register Accesses"). */
final class BackingPage {
	static final int ID = 0x20, TPR = 0x80, PPR = 0xa0, EOI = 0xb0, DFR = 0xe0, ISR = 0x100, TMR = 0x180, IRR = 0x200,
			ICR_LOW = 0x300, ICR_HIGH = 0x310;
	private static final int VECTORS_PER_REGISTER = 32, REGISTERS = 8, DISTANCE = 16;

	private final SvmGuest guest;
	private long address;

	BackingPage(SvmGuest guest) {
		this.guest = guest;
	}

	/** Turns to the page at a physical address of the host. */
	void setAddress(long page) {
		address = page;
	}

	long read(int offset) {
		return guest.readBelow(address + offset, 4);
	}

	void write(int offset, long value) {
		guest.writeBelow(address + offset, 4, value);
	}

	private static int register(int base, int vector) {
		return base + vector / VECTORS_PER_REGISTER * DISTANCE;
	}

	boolean bit(int base, int vector) {
		return (read(register(base, vector)) >>> (vector & 31) & 1) != 0;
	}

	void setBit(int base, int vector, boolean on) {
		int offset = register(base, vector);
		long bit = 1L << (vector & 31);
		long value = read(offset);
		write(offset, on ? value | bit : value & ~bit);
	}

	/** The highest vector whose bit is set, or -1. */
	int highest(int base) {
		for (int i = REGISTERS - 1; i >= 0; i--) {
			int bits = (int) read(base + i * DISTANCE);
			if (bits != 0) {
				return i * VECTORS_PER_REGISTER + 31 - Integer.numberOfLeadingZeros(bits);
			}
		}
		return -1;
	}
}
