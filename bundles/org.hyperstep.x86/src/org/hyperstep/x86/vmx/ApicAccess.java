/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VirtualApicPage.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * Accesses of a guest to its APIC: to the APIC-access page (Intel SDM, "Virtualizing Memory-Mapped APIC Accesses"),
 * which translation leads here, and to the x2APIC MSRs ("Virtualizing MSR-Based APIC Accesses").
 */
final class ApicAccess implements MmioDevice {
	private static final int FIRST_MSR = 0x800, MSR_TPR = 0x808, MSR_EOI = 0x80b, MSR_SELF_IPI = 0x83f;
	/** Access types in the exit qualification. */
	private static final int LINEAR_READ = 0, LINEAR_WRITE = 1, LINEAR_FETCH = 2, LINEAR_EVENT_DELIVERY = 3;
	/** Bits of ICR_LOW that are 0 for a self-IPI of fixed delivery, and its shorthand. */
	private static final long ICR_OTHERS = 0xfff3_3700L & ~0x4_0000L, SHORTHAND = 3 << 18, SELF = 1 << 18;

	private final VmxGuest guest;
	private final Processor processor;
	private final VirtualApic apic;

	ApicAccess(VmxGuest guest, VirtualApic apic) {
		this.guest = guest;
		this.apic = apic;
		processor = guest.processor;
	}

	// ---- the APIC-access page ----

	@Override
	public long read(long offset, int size) {
		int register = (int) offset;
		if (!contained(register, size) || !readable(register & 0xff0)) {
			exit(register, LINEAR_READ);
		}
		return apic.page.read(register, size);
	}

	@Override
	public void write(long offset, int size, long value) {
		int register = (int) offset & 0xff0;
		if (!contained((int) offset, size) || !writable(register)) {
			exit((int) offset, LINEAR_WRITE);
		}
		apic.page.write((int) offset, size, value);
		written(register);
	}

	/** A fetch, or an access that another translation leads to. */
	void exit(int offset, int type) {
		int kind = guest.delivers() && type != LINEAR_FETCH ? LINEAR_EVENT_DELIVERY : type;
		long qualification = offset | (long) kind << 12;
		int length = kind == LINEAR_READ || kind == LINEAR_WRITE ? processor.instructionLength() : 0;
		throw guest.record(VmExitReason.APIC_ACCESS.number(), qualification, length, 0, 0);
	}

	void fetched(int offset) {
		exit(offset, LINEAR_FETCH);
	}

	/** In the low 4 bytes of a naturally aligned 16-byte region. */
	private static boolean contained(int offset, int size) {
		return (offset & 15) + size <= 4;
	}

	private boolean readable(int register) {
		if (register == TPR) {
			return apic.shadowsTpr();
		}
		return guest.vmcs.has(APIC_REGISTER_VIRTUALIZATION) && switch (register) {
			case 0x20, 0x30, EOI, 0xd0, 0xe0, 0xf0, 0x280, ICR_LOW, ICR_HIGH, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370,
					0x380, 0x3e0 ->
				true;
			default -> register >= ISR && register <= 0x270;
		};
	}

	private boolean writable(int register) {
		if (register == TPR) {
			return apic.shadowsTpr();
		}
		if (guest.vmcs.has(APIC_REGISTER_VIRTUALIZATION)) {
			return switch (register) {
				case 0x20, EOI, 0xd0, 0xe0, 0xf0, 0x280, ICR_LOW, ICR_HIGH, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370,
						0x380, 0x3e0 ->
					true;
				default -> false;
			};
		}
		return apic.delivers() && (register == EOI || register == ICR_LOW);
	}

	/** "APIC-Write Emulation". */
	private void written(int register) {
		if (register == TPR) {
			apic.page.write(TPR, apic.page.read(TPR) & 0xff);
			apic.tprWritten();
		} else if (register == EOI && apic.delivers()) {
			apic.page.write(EOI, 0);
			apic.virtualizeEoi();
		} else if (register == ICR_LOW && apic.delivers() && selfIpi(apic.page.read(ICR_LOW))) {
			apic.virtualizeSelfIpi((int) apic.page.read(ICR_LOW) & 0xff);
		} else if (register == ICR_HIGH && guest.vmcs.has(APIC_REGISTER_VIRTUALIZATION)) {
			apic.page.write(ICR_HIGH, apic.page.read(ICR_HIGH) & 0xff00_0000L);
		} else {
			apic.apicWriteExit(register);
		}
	}

	private static boolean selfIpi(long command) {
		return (command & ICR_OTHERS) == 0 && (command & SHORTHAND) == SELF && (command & 0xf0) != 0;
	}

	// ---- MSRs ----

	private boolean virtualizesMsrs() {
		return guest.vmcs.has(VIRTUALIZE_X2APIC_MODE);
	}

	/** Whether an access to an MSR is virtualized; behind the MSR bitmap. */
	boolean owns(int index, boolean write) {
		if (index >>> 8 != FIRST_MSR >>> 8 || !virtualizesMsrs()) {
			return false;
		}
		if (write) {
			return index == MSR_TPR || apic.delivers() && (index == MSR_EOI || index == MSR_SELF_IPI);
		}
		return index == MSR_TPR || guest.vmcs.has(APIC_REGISTER_VIRTUALIZATION);
	}

	/** RDMSR of one that {@link #owns}. */
	long readMsr(int index) {
		return apic.page.read((index & 0xff) << 4, 8);
	}

	/** WRMSR of one that {@link #owns}. */
	void writeMsr(int index, long value) {
		boolean reserved = index == MSR_EOI ? value != 0 : value >>> 8 != 0;
		if (reserved) {
			throw processor.fault().generalProtection(0);
		}
		int offset = (index & 0xff) << 4;
		apic.page.write(offset, 8, value);
		if (index == MSR_TPR) {
			apic.tprWritten();
		} else if (index == MSR_EOI) {
			apic.virtualizeEoi();
		} else if ((value & 0xf0) != 0) {
			apic.virtualizeSelfIpi((int) value);
		} else {
			apic.apicWriteExit(offset);
		}
	}

	// ---- CR8 ----

	/** MOV to CR8 with the TPR shadow. */
	void writeCr8(long value) {
		if (value >>> 4 != 0) {
			throw processor.fault().generalProtection(0);
		}
		apic.page.write(TPR, value << 4);
		apic.tprWritten();
	}
}
