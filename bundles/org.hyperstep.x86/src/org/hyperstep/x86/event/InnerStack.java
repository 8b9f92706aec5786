/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** Takes the stack of an inner privilege level from the TSS, for event delivery and call gates. */
public final class InnerStack {
	private final CpuState state;
	private final Mmu mmu;
	private final GuestFault fault;
	private final DescriptorMemory descriptors;
	private final Descriptor descriptor = new Descriptor();

	/** Makes the access path of one processor. */
	public InnerStack(CpuState state, Mmu mmu, GuestFault fault, DescriptorMemory descriptors) {
		this.state = state;
		this.mmu = mmu;
		this.fault = fault;
		this.descriptors = descriptors;
	}

	/**
	 * Reads SS and ESP of a level and checks the segment; outside IA-32e mode.
	 *
	 * @param level privilege level of the code segment that is entered, 0 to 2
	 * @param into  takes the segment
	 * @param ext   bit EXT of error codes
	 * @return the stack pointer
	 */
	public long load(int level, SegmentState into, int ext) {
		SegmentState tr = state.segments[CpuState.TR];
		boolean wide = (tr.type() & 8) != 0;
		int offset = wide ? level * 8 + 4 : level * 4 + 2;
		int pointerSize = wide ? 4 : 2;
		if (offset + pointerSize + 1 > tr.limit) {
			throw fault.invalidTaskState(tr.selector & 0xfffc | ext);
		}
		long pointer = mmu.readSupervisor(tr.base + offset & 0xffff_ffffL, pointerSize);
		int selector = (int) mmu.readSupervisor(tr.base + offset + pointerSize & 0xffff_ffffL, 2);
		checkSegment(selector, level, ext);
		descriptor.loadInto(into, selector);
		return pointer;
	}

	private void checkSegment(int selector, int level, int ext) {
		int selectorCode = selector & 0xfffc | ext;
		if (DescriptorMemory.isNull(selector)) {
			throw fault.invalidTaskState(ext);
		}
		if (!descriptors.read(selector, descriptor) || (selector & 3) != level
				|| descriptor.privilegeLevel() != level || !descriptor.writable()) {
			throw fault.invalidTaskState(selectorCode);
		}
		if (!descriptor.present()) {
			throw fault.stackFault(selectorCode);
		}
	}

	/** Sets the accessed bit of the segment that {@link #load} read. */
	public void commit() {
		descriptors.setAccessed(descriptor);
	}

	/** RSP0 to RSP2 of the 64-bit TSS. */
	public long stackPointer64(int level, int ext) {
		return read64(4 + level * 8, ext);
	}

	/** IST1 to IST7 of the 64-bit TSS. */
	public long interruptStack(int index, int ext) {
		return read64(28 + index * 8, ext);
	}

	private long read64(int offset, int ext) {
		SegmentState tr = state.segments[CpuState.TR];
		if (offset + 7 > tr.limit) {
			throw fault.invalidTaskState(tr.selector & 0xfffc | ext);
		}
		long pointer = mmu.readSupervisor(tr.base + offset, 8);
		if (!mmu.canonical(pointer)) {
			throw fault.stackFault(ext);
		}
		return pointer;
	}
}
