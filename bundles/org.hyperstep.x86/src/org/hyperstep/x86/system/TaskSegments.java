/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** Loads the segment registers of a new task ("Exception Conditions Checked During a Task Switch"). */
final class TaskSegments {
	private static final int[] DATA = { CpuState.DS, CpuState.ES, CpuState.FS, CpuState.GS };

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final Descriptor descriptor = new Descriptor();

	TaskSegments(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	/** The selectors are in place and the segments unusable: what faults leaves the rest so. */
	void load(int ext) {
		loadLdt(ext);
		if (state.virtual8086()) {
			for (int i = 0; i < 6; i++) {
				SegmentLoads.loadVirtual8086(state.segments[i], state.segments[i].selector);
			}
			return;
		}
		loadStack(ext);
		for (int segment : DATA) {
			loadData(state.segments[segment], ext);
		}
		loadCode(ext);
	}

	private GuestFault invalid(int selector, int ext) {
		return fault.invalidTaskState(selector & 0xfffc | ext);
	}

	private void loadLdt(int ext) {
		SegmentState ldtr = state.segments[CpuState.LDTR];
		int selector = ldtr.selector;
		if (DescriptorMemory.isNull(selector)) {
			return;
		}
		if ((selector & 4) != 0 || !unit.descriptors.read(selector, descriptor) || descriptor.codeOrData()
				|| descriptor.type() != Descriptor.LDT || !descriptor.present()) {
			throw invalid(selector, ext);
		}
		descriptor.loadInto(ldtr, selector);
	}

	private void loadCode(int ext) {
		SegmentState cs = state.segments[CpuState.CS];
		int selector = cs.selector;
		boolean valid = read(selector) && descriptor.code() && (descriptor.conforming()
				? descriptor.privilegeLevel() <= state.cpl
				: descriptor.privilegeLevel() == state.cpl);
		if (!valid) {
			throw invalid(selector, ext);
		}
		if (!descriptor.present()) {
			throw fault.notPresent(selector & 0xfffc | ext);
		}
		take(cs);
	}

	private void loadStack(int ext) {
		SegmentState ss = state.segments[CpuState.SS];
		int selector = ss.selector;
		if (!read(selector) || !descriptor.writable() || (selector & 3) != state.cpl
				|| descriptor.privilegeLevel() != state.cpl) {
			throw invalid(selector, ext);
		}
		if (!descriptor.present()) {
			throw fault.stackFault(selector & 0xfffc | ext);
		}
		take(ss);
	}

	private void loadData(SegmentState segment, int ext) {
		int selector = segment.selector;
		if (DescriptorMemory.isNull(selector)) {
			return;
		}
		boolean valid = read(selector) && descriptor.readable() && (descriptor.code() && descriptor.conforming()
				|| descriptor.privilegeLevel() >= Math.max(state.cpl, selector & 3));
		if (!valid) {
			throw invalid(selector, ext);
		}
		if (!descriptor.present()) {
			throw fault.notPresent(selector & 0xfffc | ext);
		}
		take(segment);
	}

	private boolean read(int selector) {
		return !DescriptorMemory.isNull(selector) && unit.descriptors.read(selector, descriptor);
	}

	private void take(SegmentState segment) {
		unit.descriptors.setAccessed(descriptor);
		descriptor.loadInto(segment, segment.selector);
	}
}
