/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.state.SegmentState;

/** A descriptor as read from a table, decoded; reused, so that loading segments allocates nothing. */
public final class Descriptor {
	/** Types of system descriptors. */
	public static final int TSS16_AVAILABLE = 1, LDT = 2, TSS16_BUSY = 3, CALL_GATE16 = 4, TASK_GATE = 5,
			INTERRUPT_GATE16 = 6, TRAP_GATE16 = 7, TSS_AVAILABLE = 9, TSS_BUSY = 11, CALL_GATE = 12,
			INTERRUPT_GATE = 14, TRAP_GATE = 15;

	/** The selector it was read for. */
	public int selector;
	/** Linear address of the descriptor. */
	public long linear;
	/** The first 8 bytes. */
	public long bytes;
	/** Bytes 8 to 15 of a system descriptor in IA-32e mode; else 0. */
	public long upper;

	/** Access rights in the VMCS format. */
	public int accessRights() {
		return (int) (bytes >>> 40) & 0xf0ff;
	}

	/** Limit scaled by granularity. */
	public long limit() {
		long limit = bytes & 0xffff | bytes >>> 32 & 0xf0000;
		return (bytes & 1L << 55) == 0 ? limit : limit << 12 | 0xfff;
	}

	/** Linear base; 64 bits for system descriptors of IA-32e mode. */
	public long base() {
		return bytes >>> 16 & 0xff_ffff | bytes >>> 32 & 0xff00_0000L | upper << 32;
	}

	public int type() {
		return (int) (bytes >>> 40) & 15;
	}

	public int privilegeLevel() {
		return (int) (bytes >>> 45) & 3;
	}

	public boolean present() {
		return (bytes & 1L << 47) != 0;
	}

	/** S: code or data, not system. */
	public boolean codeOrData() {
		return (bytes & 1L << 44) != 0;
	}

	public boolean code() {
		return codeOrData() && (bytes & 1L << 43) != 0;
	}

	public boolean conforming() {
		return (bytes & 1L << 42) != 0;
	}

	/** Readable code, or data. */
	public boolean readable() {
		return codeOrData() && (!code() || (bytes & 1L << 41) != 0);
	}

	/** Writable data. */
	public boolean writable() {
		return codeOrData() && !code() && (bytes & 1L << 41) != 0;
	}

	public boolean longMode() {
		return (bytes & 1L << 53) != 0;
	}

	public boolean defaultBig() {
		return (bytes & 1L << 54) != 0;
	}

	/** Of a gate: the selector it leads to. */
	public int gateSelector() {
		return (int) (bytes >>> 16) & 0xffff;
	}

	/** Of a 32-bit or 64-bit gate: the offset it leads to. */
	public long gateOffset() {
		return bytes & 0xffff | bytes >>> 32 & 0xffff_0000L | upper << 32;
	}

	/** Of a call gate: parameters to copy. Of a 64-bit interrupt gate: the low bits are the interrupt stack table index. */
	public int gateParameters() {
		return (int) (bytes >>> 32) & 31;
	}

	/** Puts this into a segment register under the given selector; the accessed bit reads as set. */
	public void loadInto(SegmentState segment, int asSelector) {
		segment.set(asSelector, base(), limit(), accessRights() | (codeOrData() ? 1 : 0));
	}
}
