/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/**
 * The registers of an APIC that the processor virtualizes, as they lie in a page of memory (Intel SDM, "Virtual APIC
 * State"; AMD APM volume 2, "Virtual APIC Register Accesses"). Offsets are those of the APIC's own page.
 */
public abstract class ApicRegisterFile {
	public static final int TPR = 0x80, PPR = 0xa0, EOI = 0xb0, ISR = 0x100, IRR = 0x200, ICR_LOW = 0x300,
			ICR_HIGH = 0x310;
	private static final int VECTORS_PER_REGISTER = 32, REGISTERS = 8, DISTANCE = 16;

	private long address;

	/** Turns to the page at a physical address of the software that has made it. */
	public final void setAddress(long page) {
		address = page;
	}

	/** Reads memory as that software sees it. */
	protected abstract long readMemory(long physical, int size);

	/** Writes memory as that software sees it. */
	protected abstract void writeMemory(long physical, int size, long value);

	public final long read(int offset) {
		return read(offset, 4);
	}

	public final long read(int offset, int size) {
		return readMemory(address + offset, size);
	}

	public final void write(int offset, long value) {
		write(offset, 4, value);
	}

	public final void write(int offset, int size, long value) {
		writeMemory(address + offset, size, value);
	}

	private static int register(int base, int vector) {
		return base + vector / VECTORS_PER_REGISTER * DISTANCE;
	}

	/** Whether a vector's bit is set in the registers that begin at {@code base}: ISR, TMR or IRR. */
	public final boolean bit(int base, int vector) {
		return (read(register(base, vector)) >>> (vector & 31) & 1) != 0;
	}

	/** Sets or clears a vector's bit in the registers that begin at {@code base}. */
	public final void setBit(int base, int vector, boolean on) {
		int offset = register(base, vector);
		long bit = 1L << (vector & 31);
		long value = read(offset);
		write(offset, on ? value | bit : value & ~bit);
	}

	/** The highest vector whose bit is set in the registers that begin at {@code base}, or -1. */
	public final int highest(int base) {
		for (int i = REGISTERS - 1; i >= 0; i--) {
			int bits = (int) read(base + i * DISTANCE);
			if (bits != 0) {
				return i * VECTORS_PER_REGISTER + 31 - Integer.numberOfLeadingZeros(bits);
			}
		}
		return -1;
	}
}
