/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The registers of a local APIC (Intel SDM, "Local APIC Register Address Map" and "x2APIC Register Address Space"). MMIO and
 * MSR access are both decoded by this table.
 */
@SuppressWarnings("nls")
public enum ApicRegister {
	ID(0x020, "RW", "R", 0xff000000), //
	VERSION(0x030, "R", "R", 0), //
	TASK_PRIORITY(0x080, "RW", "RW", 0xff), //
	ARBITRATION_PRIORITY(0x090, "R", "", 0), //
	PROCESSOR_PRIORITY(0x0a0, "R", "R", 0), //
	EOI(0x0b0, "W", "W", 0), //
	REMOTE_READ(0x0c0, "R", "", 0), //
	LOGICAL_DESTINATION(0x0d0, "RW", "R", 0xff000000), //
	DESTINATION_FORMAT(0x0e0, "RW", "", 0xf0000000), //
	SPURIOUS_VECTOR(0x0f0, "RW", "RW", 0x1ff), //
	IN_SERVICE(0x100, 8), //
	TRIGGER_MODE(0x180, 8), //
	INTERRUPT_REQUEST(0x200, 8), //
	ERROR_STATUS(0x280, "RW", "RW", 0), //
	COMMAND(0x300, "RW", "RW", 0x000ccfff), //
	COMMAND_HIGH(0x310, "RW", "", 0xff000000), //
	LVT_TIMER(0x320, "RW", "RW", 0x700ff), //
	LVT_THERMAL(0x330, "RW", "RW", 0x107ff), //
	LVT_PERFORMANCE(0x340, "RW", "RW", 0x107ff), //
	LVT_LINT0(0x350, "RW", "RW", 0x1a7ff), //
	LVT_LINT1(0x360, "RW", "RW", 0x1a7ff), //
	LVT_ERROR(0x370, "RW", "RW", 0x100ff), //
	INITIAL_COUNT(0x380, "RW", "RW", 0xffffffff), //
	CURRENT_COUNT(0x390, "R", "R", 0), //
	DIVIDE_CONFIGURATION(0x3e0, "RW", "RW", 0xb), //
	SELF_IPI(0x3f0, "", "W", 0xff);

	private static final @Nullable ApicRegister[] BY_SLOT = new @Nullable ApicRegister[64];

	static {
		for (ApicRegister row : values()) {
			for (int word = 0; word < row.words; word++) {
				BY_SLOT[row.slot() + word] = row;
			}
		}
	}

	private final int offset;
	private final int words;
	private final Rights xapic;
	private final Rights x2apic;
	private final int writable;

	/** What software may do with a register. */
	private record Rights(boolean reads, boolean writes) {
		static Rights of(String letters) {
			return new Rights(letters.indexOf('R') >= 0, letters.indexOf('W') >= 0);
		}
	}

	ApicRegister(int offset, String xapic, String x2apic, int writable) {
		this.offset = offset;
		this.words = 1;
		this.xapic = Rights.of(xapic);
		this.x2apic = Rights.of(x2apic);
		this.writable = writable;
	}

	/** A read-only set of vectors. */
	ApicRegister(int offset, int words) {
		this.offset = offset;
		this.words = words;
		this.xapic = Rights.of("R");
		this.x2apic = Rights.of("R");
		this.writable = 0;
	}

	/** The register in a 16-byte slot of the page, which is also the low byte of its MSR's number less 0x800. */
	static @Nullable ApicRegister atSlot(int slot) {
		return slot < BY_SLOT.length ? BY_SLOT[slot] : null;
	}

	/** Byte offset in the APIC's page. */
	public int offset() {
		return offset;
	}

	/** Number of 32-bit words, each in a slot of its own. */
	public int words() {
		return words;
	}

	int slot() {
		return offset >> 4;
	}

	/** Bits that a write can change. */
	int writable() {
		return writable;
	}

	boolean isReadable(boolean x2) {
		return (x2 ? x2apic : xapic).reads;
	}

	boolean isWritable(boolean x2) {
		return (x2 ? x2apic : xapic).writes;
	}
}
