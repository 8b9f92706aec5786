/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** The way of one event through the interrupt table of the present mode (Intel SDM, "INT n" and "IRET" reference pages). */
final class IdtDelivery {
	/** Error code bits: the event came from outside the program; the code is an IDT index. */
	private static final int EXT = 1, IDT = 2;

	private final CpuState state;
	private final Mmu mmu;
	private final GuestFault fault;
	TaskGates taskGates = TaskGates.NONE;
	private final DescriptorMemory descriptors;
	private final InnerStack innerStack;
	private final Stack stack;
	private final Descriptor gate = new Descriptor();
	private final Descriptor code = new Descriptor();
	private final SegmentState newSs = new SegmentState();

	// The event.
	private int type;
	private int ext;
	private int errorCode;
	private long returnRip;
	private long pushedFlags;
	/** Bytes of each item that the gate pushes. */
	private int size;

	IdtDelivery(CpuState state, Mmu mmu, GuestFault fault) {
		this.state = state;
		this.mmu = mmu;
		this.fault = fault;
		descriptors = new DescriptorMemory(state, mmu);
		innerStack = new InnerStack(state, mmu, fault, descriptors);
		stack = new Stack(state, mmu, fault);
	}

	/** Delivers; a fault on the way leaves all registers as they were. */
	void deliver(int vector, int eventType, int code1, long rip, long pushedRf) {
		type = eventType;
		errorCode = code1;
		returnRip = rip;
		pushedFlags = state.rflags | pushedRf;
		ext = eventType == EventType.SOFTWARE_INTERRUPT || eventType == EventType.SOFTWARE_EXCEPTION ? 0 : EXT;
		if (!state.protectedMode()) {
			deliverInRealMode(vector);
			return;
		}
		boolean longMode = state.longModeActive();
		readGate(vector, longMode);
		if (gate.type() == Descriptor.TASK_GATE) {
			taskGates.enter(gate.gateSelector(), ext, errorCode, returnRip, pushedFlags);
			return;
		}
		readCode(longMode);
		int level = code.conforming() ? state.cpl : code.privilegeLevel();
		if (state.virtual8086() && level != 0) {
			throw fault.generalProtection(code.selector & 0xfffc | ext);
		}
		if (longMode) {
			deliverIn64Bit(level);
		} else {
			deliverIn32Bit(level);
		}
	}

	private void deliverInRealMode(int vector) {
		if (vector * 4 + 3 > state.idtrLimit) {
			throw fault.generalProtection(vector * 8 + IDT);
		}
		long entry = mmu.readSupervisor(state.idtrBase + vector * 4 & 0xffff_ffffL, 4);
		SegmentState cs = state.segments[CpuState.CS];
		stack.open(state.segments[CpuState.SS], state.general[CpuState.RSP], 0, false, 0);
		stack.push(2, pushedFlags);
		stack.push(2, cs.selector);
		stack.push(2, returnRip);
		state.general[CpuState.RSP] = stack.pointer();
		state.rflags &= ~(CpuState.IF | CpuState.TF | CpuState.AC | CpuState.RF);
		cs.selector = (int) (entry >>> 16);
		cs.base = (long) cs.selector << 4;
		state.rip = entry & 0xffff;
	}

	private void readGate(int vector, boolean longMode) {
		int entrySize = longMode ? 16 : 8;
		int gateCode = vector * 8 + IDT;
		if (vector * entrySize + entrySize - 1 > state.idtrLimit) {
			throw fault.generalProtection(gateCode | ext);
		}
		long linear = state.idtrBase + vector * entrySize;
		gate.linear = longMode ? linear : linear & 0xffff_ffffL;
		gate.bytes = mmu.readSupervisor(gate.linear, 8);
		gate.upper = longMode ? mmu.readSupervisor(gate.linear + 8, 8) : 0;
		if (gate.codeOrData() || !gateType(longMode) || longMode && (gate.upper & 0x1f00_0000_0000L) != 0) {
			throw fault.generalProtection(gateCode | ext);
		}
		gate.upper &= 0xffff_ffffL;
		boolean checked = type == EventType.SOFTWARE_INTERRUPT || type == EventType.SOFTWARE_EXCEPTION;
		if (checked && gate.privilegeLevel() < state.cpl) {
			throw fault.generalProtection(gateCode);
		}
		if (!gate.present()) {
			throw fault.notPresent(gateCode | ext);
		}
		size = longMode ? 8 : gate.type() >= Descriptor.INTERRUPT_GATE ? 4 : 2;
	}

	private boolean gateType(boolean longMode) {
		return switch (gate.type()) {
			case Descriptor.INTERRUPT_GATE, Descriptor.TRAP_GATE -> true;
			case Descriptor.INTERRUPT_GATE16, Descriptor.TRAP_GATE16, Descriptor.TASK_GATE -> !longMode;
			default -> false;
		};
	}

	private void readCode(boolean longMode) {
		int selector = gate.gateSelector();
		if (DescriptorMemory.isNull(selector)) {
			throw fault.generalProtection(ext);
		}
		int selectorCode = selector & 0xfffc | ext;
		if (!descriptors.read(selector, code) || !code.code() || code.privilegeLevel() > state.cpl
				|| longMode && (!code.longMode() || code.defaultBig())) {
			throw fault.generalProtection(selectorCode);
		}
		if (!code.present()) {
			throw fault.notPresent(selectorCode);
		}
	}

	private void deliverIn64Bit(int level) {
		long target = gate.gateOffset();
		if (!mmu.canonical(target)) {
			throw fault.generalProtection(ext);
		}
		int stackTable = gate.gateParameters() & 7;
		long rsp;
		if (stackTable != 0) {
			rsp = innerStack.interruptStack(stackTable, ext);
		} else if (level < state.cpl) {
			rsp = innerStack.stackPointer64(level, ext);
		} else {
			rsp = state.general[CpuState.RSP];
		}
		SegmentState ss = state.segments[CpuState.SS];
		stack.open(ss, rsp & -16, level, true, ext);
		stack.push(8, ss.selector);
		stack.push(8, state.general[CpuState.RSP]);
		pushReturn();
		if (level < state.cpl) {
			ss.set(level, 0, 0, SegmentState.UNUSABLE | level << 5);
		}
		enterHandler(target, level);
	}

	private void deliverIn32Bit(int level) {
		long target = gate.gateOffset() & (size == 2 ? 0xffff : 0xffff_ffffL);
		if (target > code.limit()) {
			throw fault.generalProtection(ext);
		}
		SegmentState ss = state.segments[CpuState.SS];
		boolean inner = level < state.cpl;
		if (inner) {
			long rsp = innerStack.load(level, newSs, ext);
			stack.open(newSs, rsp, level, false, newSs.selector & 0xfffc | ext);
			if (state.virtual8086()) {
				pushDataSegments();
			}
			stack.push(size, ss.selector);
			stack.push(size, state.general[CpuState.RSP]);
		} else {
			stack.open(ss, state.general[CpuState.RSP], level, false, ext);
		}
		pushReturn();
		if (inner) {
			if (state.virtual8086()) {
				clearDataSegments();
			}
			innerStack.commit();
			ss.set(newSs);
		}
		enterHandler(target, level);
	}

	private void pushDataSegments() {
		stack.push(size, state.segments[CpuState.GS].selector);
		stack.push(size, state.segments[CpuState.FS].selector);
		stack.push(size, state.segments[CpuState.DS].selector);
		stack.push(size, state.segments[CpuState.ES].selector);
	}

	private void clearDataSegments() {
		for (int i = 0; i < 6; i++) {
			if (i != CpuState.CS && i != CpuState.SS) {
				state.segments[i].set(0, 0, 0, SegmentState.UNUSABLE);
			}
		}
	}

	private void pushReturn() {
		stack.push(size, pushedFlags);
		stack.push(size, state.segments[CpuState.CS].selector);
		stack.push(size, returnRip);
		if (errorCode != GuestFault.NO_ERROR_CODE) {
			stack.push(size, errorCode);
		}
	}

	private void enterHandler(long target, int level) {
		descriptors.setAccessed(code);
		state.general[CpuState.RSP] = stack.pointer();
		code.loadInto(state.segments[CpuState.CS], code.selector & 0xfffc | level);
		state.cpl = level;
		state.rip = target;
		boolean interruptGate = (gate.type() & 1) == 0;
		state.rflags &= ~(CpuState.TF | CpuState.NT | CpuState.RF | CpuState.VM | (interruptGate ? CpuState.IF : 0));
	}
}
