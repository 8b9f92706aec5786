/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.virtualization.Interception;

/** Reads descriptors from the GDT and the LDT, and keeps their accessed and busy bits. */
public final class DescriptorMemory {
	private final CpuState state;
	private final Mmu mmu;

	/** Makes the access path of one processor. */
	public DescriptorMemory(CpuState state, Mmu mmu) {
		this.state = state;
		this.mmu = mmu;
	}

	/** Whether the selector is null: index 0 of the GDT, whatever its RPL. */
	public static boolean isNull(int selector) {
		return (selector & 0xfffc) == 0;
	}

	/**
	 * Reads a segment or gate descriptor of 8 bytes.
	 *
	 * @return false if the selector is beyond its table's limit, or names an LDT where none is loaded
	 */
	public boolean read(int selector, Descriptor into) {
		SegmentState ldt = state.segments[CpuState.LDTR];
		boolean local = (selector & 4) != 0;
		long limit = local ? ldt.limit : state.gdtrLimit;
		int offset = selector & 0xfff8;
		if (local && ldt.unusable() || offset + 7 > limit) {
			return false;
		}
		into.selector = selector;
		into.linear = (local ? ldt.base : state.gdtrBase) + offset;
		if (!state.longModeActive()) {
			into.linear &= 0xffff_ffffL;
		}
		into.bytes = mmu.readSupervisor(into.linear, 8);
		into.upper = 0;
		return true;
	}

	/**
	 * Reads the other half of a system descriptor of 16 bytes (IA-32e mode).
	 *
	 * @return false if it lies beyond the table's limit or its type field is not zero
	 */
	public boolean readUpper(Descriptor descriptor) {
		long limit = (descriptor.selector & 4) != 0 ? state.segments[CpuState.LDTR].limit : state.gdtrLimit;
		if ((descriptor.selector & 0xfff8) + 15 > limit) {
			return false;
		}
		descriptor.upper = mmu.readSupervisor(descriptor.linear + 8, 8);
		boolean typeZero = (descriptor.upper & 0x1f00_0000_0000L) == 0;
		descriptor.upper &= 0xffff_ffffL;
		return typeZero;
	}

	/** Sets the accessed bit of a code or data descriptor in memory where it is clear. */
	public void setAccessed(Descriptor descriptor) {
		setTypeBit(descriptor, 0);
	}

	/** Marks a TSS descriptor busy in memory. */
	public void setBusy(Descriptor descriptor) {
		setTypeBit(descriptor, 1);
	}

	/** Marks a TSS descriptor available in memory. */
	public void clearBusy(Descriptor descriptor) {
		descriptor.bytes &= ~(1L << 41);
		mmu.writeSupervisor(descriptor.linear + 5, 1, descriptor.bytes >>> 40);
	}

	/** Faults where a change of the descriptor's type would. */
	public void requireWritable(Descriptor descriptor) {
		mmu.requireSupervisor(descriptor.linear + 5, 1, Interception.WRITE);
	}

	private void setTypeBit(Descriptor descriptor, int bit) {
		long mask = 1L << 40 + bit;
		if ((descriptor.bytes & mask) == 0) {
			descriptor.bytes |= mask;
			mmu.writeSupervisor(descriptor.linear + 5, 1, descriptor.bytes >>> 40);
		}
	}
}
