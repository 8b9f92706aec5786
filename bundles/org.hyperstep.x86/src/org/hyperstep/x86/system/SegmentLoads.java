/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** Loads of ES, SS, DS, FS and GS (Intel SDM, "Segment Registers"; "MOV" and "POP" reference pages). */
public final class SegmentLoads {
	/** Access rights of every segment in virtual-8086 mode. */
	static final int VIRTUAL_8086_RIGHTS = 0xf3;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final Descriptor descriptor = new Descriptor();

	SegmentLoads(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	/**
	 * Loads a segment register other than CS. The MOV SS and POP SS shadow is the caller's to ask for
	 * ({@code events.blockByMovSs}), after the whole instruction can no longer fault.
	 *
	 * @param segment  number of the register
	 * @param selector 16 bits
	 */
	public void load(int segment, int selector) {
		SegmentState register = state.segments[segment];
		if (!state.protectedMode()) {
			register.selector = selector;
			register.base = (long) selector << 4;
		} else if (state.virtual8086()) {
			loadVirtual8086(register, selector);
		} else if (segment == CpuState.SS) {
			loadStack(register, selector);
		} else {
			loadData(segment, register, selector);
		}
	}

	static void loadVirtual8086(SegmentState register, int selector) {
		register.set(selector, (long) selector << 4, 0xffff, VIRTUAL_8086_RIGHTS);
	}

	private void loadStack(SegmentState register, int selector) {
		if (DescriptorMemory.isNull(selector)) {
			if (!state.in64BitMode() || state.cpl == 3 || (selector & 3) != state.cpl) {
				throw fault.generalProtection(0);
			}
			register.set(selector, 0, 0, SegmentState.UNUSABLE | state.cpl << 5);
			return;
		}
		int code = selector & 0xfffc;
		if (!unit.descriptors.read(selector, descriptor) || (selector & 3) != state.cpl || !descriptor.writable()
				|| descriptor.privilegeLevel() != state.cpl) {
			throw fault.generalProtection(code);
		}
		if (!descriptor.present()) {
			throw fault.stackFault(code);
		}
		unit.descriptors.setAccessed(descriptor);
		descriptor.loadInto(register, selector);
	}

	private void loadData(int segment, SegmentState register, int selector) {
		if (DescriptorMemory.isNull(selector)) {
			// AMD's processors keep the base of a segment that is loaded with a null selector.
			long base = unit.model.vendor() == ProcessorModel.Vendor.AMD && segment >= CpuState.FS ? register.base : 0;
			register.set(selector, base, 0, SegmentState.UNUSABLE);
			return;
		}
		int code = selector & 0xfffc;
		if (!unit.descriptors.read(selector, descriptor) || !descriptor.readable()) {
			throw fault.generalProtection(code);
		}
		boolean checked = !descriptor.code() || !descriptor.conforming();
		if (checked && Math.max(selector & 3, state.cpl) > descriptor.privilegeLevel()) {
			throw fault.generalProtection(code);
		}
		if (!descriptor.present()) {
			throw fault.notPresent(code);
		}
		unit.descriptors.setAccessed(descriptor);
		descriptor.loadInto(register, selector);
	}

	/** Return to an outer level: data segments that it may not use become null. */
	void dropInnerSegments() {
		for (int i = 0; i < 6; i++) {
			if (i == CpuState.CS || i == CpuState.SS) {
				continue;
			}
			SegmentState register = state.segments[i];
			boolean conformingCode = (register.type() & 0xc) == 0xc;
			if (register.unusable() || !conformingCode && register.privilegeLevel() < state.cpl) {
				long base = state.longModeActive() && i >= CpuState.FS ? register.base : 0;
				register.set(0, base, 0, SegmentState.UNUSABLE);
			}
		}
	}
}
