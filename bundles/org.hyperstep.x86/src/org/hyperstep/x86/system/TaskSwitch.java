/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/**
 * Hardware task switches (Intel SDM, "Task Switching"). Up to the point of no return a fault or an exit belongs to the
 * old task and nothing has changed. Behind it all registers are the new task's, and a fault belongs to the new task: it
 * waits for the next boundary, which is before the new task's first instruction.
 */
public final class TaskSwitch {
	/** What switches, numbered as in the exit qualification of VM exits. */
	public enum Source {
		CALL, IRET, JUMP, TASK_GATE;

		/** The old task stays busy and is linked to. */
		boolean nests() {
			return this == CALL || this == TASK_GATE;
		}
	}

	/** DR7.L0 to L3 and LE: breakpoints of the old task only. */
	private static final long LOCAL_BREAKPOINTS = 0x155;
	/** DR6.BT. */
	private static final long DEBUG_TRAP = 1 << 15;
	private static final long FLAGS = 0x3f7fd5;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final TaskState oldTask;
	private final TaskState newTask;
	private final TaskSegments segments;
	private final Stack stack;
	private final Descriptor oldDescriptor = new Descriptor();
	private final Descriptor newDescriptor = new Descriptor();

	TaskSwitch(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
		oldTask = new TaskState(unit.mmu);
		newTask = new TaskState(unit.mmu);
		segments = new TaskSegments(unit);
		stack = new Stack(state, unit.mmu, fault);
	}

	/**
	 * CALL or JMP to a TSS, or to a task gate that leads to it; the caller has checked the privilege.
	 *
	 * @return the new RIP
	 */
	long transfer(int selector, Source source, long nextRip) {
		if (!read(selector) || !available()) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		enter(source, 0, nextRip, state.rflags);
		return newTask.eip;
	}

	/** IRET with NT set. Returns the new RIP. */
	long back(long nextRip) {
		SegmentState tr = state.segments[CpuState.TR];
		int selector = (int) unit.mmu.readSupervisor(tr.base & 0xffff_ffffL, 2);
		boolean busy = read(selector)
				&& (newDescriptor.type() == Descriptor.TSS_BUSY || newDescriptor.type() == Descriptor.TSS16_BUSY);
		if (!busy) {
			throw fault.invalidTaskState(selector & 0xfffc);
		}
		enter(Source.IRET, 0, nextRip, state.rflags & ~CpuState.NT);
		return newTask.eip;
	}

	/** An event through a task gate: see TaskGates. */
	void throughGate(int selector, int ext, int errorCode, long returnRip, long flags) {
		if (!read(selector) || !available()) {
			throw fault.generalProtection(selector & 0xfffc | ext);
		}
		boolean valid = enter(Source.TASK_GATE, ext, returnRip, flags);
		state.rip = newTask.eip;
		if (valid && errorCode != GuestFault.NO_ERROR_CODE) {
			pushErrorCode(ext, errorCode);
		}
	}

	/** Reads a TSS descriptor from the GDT; false where there is no system descriptor. */
	private boolean read(int selector) {
		return (selector & 4) == 0 && (selector & 0xfff8) != 0 && unit.descriptors.read(selector, newDescriptor)
				&& !newDescriptor.codeOrData();
	}

	private boolean available() {
		return newDescriptor.type() == Descriptor.TSS_AVAILABLE || newDescriptor.type() == Descriptor.TSS16_AVAILABLE;
	}

	/** Returns false where a fault of the new task waits. */
	private boolean enter(Source source, int ext, long returnRip, long flags) {
		int selector = newDescriptor.selector;
		if (!newDescriptor.present()) {
			throw fault.notPresent(selector & 0xfffc | ext);
		}
		if (newDescriptor.limit() < TaskState.leastLimit(newDescriptor.type())) {
			throw fault.invalidTaskState(selector & 0xfffc | ext);
		}
		unit.interception().taskSwitch(selector, source.ordinal());
		locate(source, ext);
		leaveOldTask(source, returnRip, flags);
		return takeNewTask(ext);
	}

	private void locate(Source source, int ext) {
		SegmentState tr = state.segments[CpuState.TR];
		if (tr.limit < TaskState.leastLimit(tr.type())) {
			throw fault.invalidTaskState(tr.selector & 0xfffc | ext);
		}
		oldTask.locate(tr.base, tr.type());
		newTask.locate(newDescriptor.base(), newDescriptor.type());
		oldTask.requireSavable();
		newTask.requireLoadable(source.nests());
		if (!source.nests() && unit.descriptors.read(tr.selector, oldDescriptor)) {
			unit.descriptors.requireWritable(oldDescriptor);
		}
		if (source != Source.IRET) {
			unit.descriptors.requireWritable(newDescriptor);
		}
	}

	private void leaveOldTask(Source source, long returnRip, long flags) {
		SegmentState tr = state.segments[CpuState.TR];
		if (!source.nests() && unit.descriptors.read(tr.selector, oldDescriptor)) {
			unit.descriptors.clearBusy(oldDescriptor);
		}
		oldTask.save(state, returnRip, flags);
		newTask.load(state);
		if (source.nests()) {
			newTask.setLink(tr.selector);
			newTask.flags |= CpuState.NT;
		}
		if (source != Source.IRET) {
			unit.descriptors.setBusy(newDescriptor);
		}
		newDescriptor.loadInto(tr, newDescriptor.selector);
	}

	private boolean takeNewTask(int ext) {
		state.cr0 |= CpuState.CR0_TS;
		state.rflags = newTask.flags & FLAGS | 2;
		System.arraycopy(newTask.general, 0, state.general, 0, 8);
		for (int i = 0; i < 6; i++) {
			state.segments[i].set(newTask.selectors[i], 0, 0, SegmentState.UNUSABLE);
		}
		state.segments[CpuState.LDTR].set(newTask.ldt, 0, 0, SegmentState.UNUSABLE);
		state.cpl = state.virtual8086() ? 3 : newTask.selectors[CpuState.CS] & 3;
		state.dr7 &= ~LOCAL_BREAKPOINTS;
		unit.mmu.breakpointsChanged();
		unit.mmu.privilegeChanged();
		unit.events.taskSwitched();
		if (ext == 0 && (state.rflags & CpuState.RF) != 0) {
			unit.events.resumeFlagLoaded();
		}
		try {
			if (newTask.cr3 != state.cr3 && (state.cr0 & CpuState.CR0_PG) != 0) {
				unit.controlRegisters.writeCr3(newTask.cr3);
			}
			segments.load(ext);
			if (newTask.debugTrap) {
				unit.events.faultOfNewTask(fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, DEBUG_TRAP));
			}
			return true;
		} catch (GuestFault raised) {
			unit.events.faultOfNewTask(raised);
			return false;
		}
	}

	private void pushErrorCode(int ext, int errorCode) {
		try {
			stack.open(state.segments[CpuState.SS], state.general[CpuState.RSP], state.cpl, false, ext);
			stack.push((state.segments[CpuState.TR].type() & 8) != 0 ? 4 : 2, errorCode);
			state.general[CpuState.RSP] = stack.pointer();
		} catch (GuestFault raised) {
			unit.events.faultOfNewTask(raised);
		}
	}
}
