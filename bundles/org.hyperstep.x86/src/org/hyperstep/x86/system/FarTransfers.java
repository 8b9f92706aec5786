/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** Far JMP, CALL and RET, directly and through call gates. Operand sizes are in bits. */
public final class FarTransfers {
	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final Stack stack;
	private final Stack outerStack;
	private final Descriptor code = new Descriptor();
	private final Descriptor gate = new Descriptor();
	private final Descriptor stackDescriptor = new Descriptor();
	private final SegmentState newSs = new SegmentState();

	FarTransfers(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
		stack = unit.stack;
		outerStack = new Stack(state, unit.mmu, fault);
	}

	private static long truncate(long offset, int operandSize) {
		return operandSize == 64 ? offset : offset & (1L << operandSize) - 1;
	}

	private boolean segmentsAreReal() {
		return !state.protectedMode() || state.virtual8086();
	}

	// ---- JMP ----

	/**
	 * JMP far.
	 *
	 * @param nextRip RIP of the instruction behind it
	 * @return the new RIP
	 */
	public long jump(int selector, long offset, int operandSize, long nextRip) {
		if (segmentsAreReal()) {
			return enterReal(selector, truncate(offset, operandSize));
		}
		readTarget(selector);
		if (code.code()) {
			requireDirectlyReachable(selector);
			return enterCode(selector, truncate(offset, operandSize), state.cpl);
		}
		if (leadsToTask()) {
			return unit.taskSwitch.transfer(taskSelector(selector), TaskSwitch.Source.JUMP, nextRip);
		}
		if (callGate(selector)) {
			boolean reachable = code.conforming() ? code.privilegeLevel() <= state.cpl
					: code.privilegeLevel() == state.cpl;
			if (!reachable) {
				throw fault.generalProtection(code.selector & 0xfffc);
			}
			requireCodePresent();
			return enterCode(code.selector, gateOffset(), state.cpl);
		}
		throw fault.generalProtection(selector & 0xfffc);
	}

	private long enterReal(int selector, long offset) {
		SegmentState cs = state.segments[CpuState.CS];
		if (offset > (state.virtual8086() ? 0xffff : cs.limit)) {
			throw fault.generalProtection(0);
		}
		loadRealCode(selector);
		return offset;
	}

	private void loadRealCode(int selector) {
		SegmentState cs = state.segments[CpuState.CS];
		if (state.virtual8086()) {
			SegmentLoads.loadVirtual8086(cs, selector);
		} else {
			cs.selector = selector;
			cs.base = (long) selector << 4;
		}
	}

	private void readTarget(int selector) {
		if (DescriptorMemory.isNull(selector)) {
			throw fault.generalProtection(0);
		}
		if (!unit.descriptors.read(selector, code)) {
			throw fault.generalProtection(selector & 0xfffc);
		}
	}

	private void requireDirectlyReachable(int selector) {
		boolean allowed = code.conforming() ? code.privilegeLevel() <= state.cpl
				: code.privilegeLevel() == state.cpl && (selector & 3) <= state.cpl;
		if (!allowed) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		requireCodePresent();
	}

	private void requireCodePresent() {
		if (state.longModeActive() && code.longMode() && code.defaultBig()) {
			throw fault.generalProtection(code.selector & 0xfffc);
		}
		if (!code.present()) {
			throw fault.notPresent(code.selector & 0xfffc);
		}
	}

	private boolean to64Bit() {
		return state.longModeActive() && code.longMode();
	}

	private void requireTarget(long offset) {
		if (to64Bit()) {
			unit.requireCanonical(offset);
		} else if ((offset & 0xffff_ffffL) > code.limit()) {
			throw fault.generalProtection(0);
		}
	}

	/** Checks the offset, then loads CS from {@link #code} at the given level. */
	private long enterCode(int selector, long offset, int level) {
		requireTarget(offset);
		unit.descriptors.setAccessed(code);
		code.loadInto(state.segments[CpuState.CS], selector & 0xfffc | level);
		return to64Bit() ? offset : offset & 0xffff_ffffL;
	}

	// ---- gates ----

	/** Whether {@link #code} holds a task gate or the descriptor of a TSS, which there is no way to outside IA-32e mode. */
	private boolean leadsToTask() {
		if (code.codeOrData() || state.longModeActive()) {
			return false;
		}
		return switch (code.type()) {
			case Descriptor.TSS16_AVAILABLE, Descriptor.TSS16_BUSY, Descriptor.TSS_AVAILABLE, Descriptor.TSS_BUSY,
					Descriptor.TASK_GATE ->
				true;
			default -> false;
		};
	}

	/** Checks the privilege of a gate or TSS in {@link #code}, and leads to the TSS. */
	private int taskSelector(int selector) {
		requireReachableSystem(selector);
		if (code.type() != Descriptor.TASK_GATE) {
			return selector;
		}
		if (!code.present()) {
			throw fault.notPresent(selector & 0xfffc);
		}
		return code.gateSelector();
	}

	private void requireReachableSystem(int selector) {
		if (code.privilegeLevel() < Math.max(state.cpl, selector & 3)) {
			throw fault.generalProtection(selector & 0xfffc);
		}
	}

	/**
	 * Where {@link #code} holds a call gate: moves it to {@link #gate} and reads its code segment.
	 *
	 * @return false if the descriptor is of another type
	 */
	private boolean callGate(int selector) {
		boolean longMode = state.longModeActive();
		boolean is = !code.codeOrData()
				&& (code.type() == Descriptor.CALL_GATE || code.type() == Descriptor.CALL_GATE16 && !longMode);
		if (is) {
			requireReachableSystem(selector);
			readGateTarget(selector, longMode);
		}
		return is;
	}

	private void readGateTarget(int selector, boolean longMode) {
		if (!code.present()) {
			throw fault.notPresent(selector & 0xfffc);
		}
		if (longMode && !unit.descriptors.readUpper(code)) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		gate.selector = code.selector;
		gate.bytes = code.bytes;
		gate.upper = code.upper;
		readTarget(gate.gateSelector());
		if (!code.code() || code.privilegeLevel() > state.cpl
				|| longMode && (!code.longMode() || code.defaultBig())) {
			throw fault.generalProtection(code.selector & 0xfffc);
		}
	}

	private long gateOffset() {
		return gate.type() == Descriptor.CALL_GATE16 ? gate.gateOffset() & 0xffff : gate.gateOffset();
	}

	// ---- CALL ----

	/**
	 * CALL far.
	 *
	 * @param nextRip RIP of the instruction behind it
	 * @return the new RIP
	 */
	public long call(int selector, long offset, int operandSize, long nextRip) {
		if (segmentsAreReal()) {
			return callReal(selector, truncate(offset, operandSize), operandSize, nextRip);
		}
		readTarget(selector);
		if (code.code()) {
			requireDirectlyReachable(selector);
			requireTarget(truncate(offset, operandSize));
			stack.open();
			pushReturn(operandSize >> 3, nextRip);
			long target = enterCode(selector, truncate(offset, operandSize), state.cpl);
			state.general[CpuState.RSP] = stack.pointer();
			return target;
		}
		if (leadsToTask()) {
			return unit.taskSwitch.transfer(taskSelector(selector), TaskSwitch.Source.CALL, nextRip);
		}
		if (!callGate(selector)) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		requireCodePresent();
		return callThroughGate(nextRip);
	}

	private long callReal(int selector, long offset, int operandSize, long nextRip) {
		if (offset > (state.virtual8086() ? 0xffff : state.segments[CpuState.CS].limit)) {
			throw fault.generalProtection(0);
		}
		stack.open();
		pushReturn(operandSize >> 3, nextRip);
		state.general[CpuState.RSP] = stack.pointer();
		loadRealCode(selector);
		return offset;
	}

	private void pushReturn(int size, long nextRip) {
		stack.push(size, state.segments[CpuState.CS].selector);
		stack.push(size, nextRip);
	}

	private long callThroughGate(long nextRip) {
		int level = code.conforming() ? state.cpl : code.privilegeLevel();
		int size = state.longModeActive() ? 8 : gate.type() == Descriptor.CALL_GATE ? 4 : 2;
		requireTarget(gateOffset());
		if (level == state.cpl) {
			stack.open(state.segments[CpuState.SS], state.general[CpuState.RSP], level, size == 8, 0);
			pushReturn(size, nextRip);
		} else if (size == 8) {
			openInnerStack64(level);
			pushReturn(8, nextRip);
			state.segments[CpuState.SS].set(level, 0, 0, SegmentState.UNUSABLE | level << 5);
		} else {
			openInnerStack(level, size);
			pushReturn(size, nextRip);
			unit.innerStack.commit();
			state.segments[CpuState.SS].set(newSs);
		}
		state.general[CpuState.RSP] = stack.pointer();
		long target = enterCode(code.selector, gateOffset(), level);
		unit.setPrivilegeLevel(level);
		return target;
	}

	private void openInnerStack64(int level) {
		SegmentState ss = state.segments[CpuState.SS];
		stack.open(ss, unit.innerStack.stackPointer64(level, 0), level, true, 0);
		stack.push(8, ss.selector);
		stack.push(8, state.general[CpuState.RSP]);
	}

	/** The inner stack gets the outer one's address, and the parameters that the gate counts. */
	private void openInnerStack(int level, int size) {
		SegmentState ss = state.segments[CpuState.SS];
		long rsp = unit.innerStack.load(level, newSs, 0);
		stack.open(newSs, rsp, level, false, newSs.selector & 0xfffc);
		stack.push(size, ss.selector);
		stack.push(size, state.general[CpuState.RSP]);
		for (int i = gate.gateParameters() - 1; i >= 0; i--) {
			outerStack.open();
			outerStack.release((long) i * size);
			stack.push(size, outerStack.pop(size));
		}
	}

	// ---- RET ----

	/**
	 * RET far.
	 *
	 * @param release bytes of parameters to release
	 * @return the new RIP
	 */
	public long ret(int operandSize, int release) {
		int size = operandSize >> 3;
		stack.open();
		long offset = stack.pop(size);
		int selector = (int) stack.pop(size) & 0xffff;
		if (segmentsAreReal()) {
			long target = enterReal(selector, offset);
			stack.release(release);
			state.general[CpuState.RSP] = stack.pointer();
			return target;
		}
		readReturnCode(selector);
		stack.release(release);
		return finishReturn(selector, offset, size, release);
	}

	/** Checks the code segment of a far return or an IRET into {@link #code}. */
	void readReturnCode(int selector) {
		readTarget(selector);
		int level = selector & 3;
		boolean allowed = code.code() && level >= state.cpl
				&& (code.conforming() ? code.privilegeLevel() <= level : code.privilegeLevel() == level);
		if (!allowed) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		requireCodePresent();
	}

	private long finishReturn(int selector, long offset, int size, int release) {
		int level = selector & 3;
		if (level == state.cpl) {
			long target = enterCode(selector, offset, level);
			state.general[CpuState.RSP] = stack.pointer();
			return target;
		}
		long rsp = stack.pop(size);
		int ss = (int) stack.pop(size) & 0xffff;
		requireTarget(offset);
		loadReturnStack(ss, level);
		outerStack.open(state.segments[CpuState.SS], rsp, level, to64Bit(), 0);
		outerStack.release(release);
		setOuterPointer(outerStack.pointer(), size);
		long target = enterCode(selector, offset, level);
		unit.setPrivilegeLevel(level);
		unit.segmentLoads.dropInnerSegments();
		return target;
	}

	/** A 16-bit stack takes only SP from what was popped. */
	void setOuterPointer(long rsp, int size) {
		SegmentState ss = state.segments[CpuState.SS];
		long[] general = state.general;
		if (size == 8) {
			general[CpuState.RSP] = rsp;
		} else if (ss.defaultBig() || ss.unusable()) {
			general[CpuState.RSP] = rsp & 0xffff_ffffL;
		} else {
			general[CpuState.RSP] = general[CpuState.RSP] & ~0xffffL | rsp & 0xffff;
		}
	}

	/** Checks and loads SS for the level that a return or IRET to {@link #code} goes to. */
	void loadReturnStack(int selector, int level) {
		SegmentState ss = state.segments[CpuState.SS];
		if (DescriptorMemory.isNull(selector)) {
			if (!to64Bit() || level == 3) {
				throw fault.generalProtection(0);
			}
			ss.set(selector, 0, 0, SegmentState.UNUSABLE | level << 5);
			return;
		}
		int selectorCode = selector & 0xfffc;
		if (!unit.descriptors.read(selector, stackDescriptor) || (selector & 3) != level
				|| !stackDescriptor.writable() || stackDescriptor.privilegeLevel() != level) {
			throw fault.generalProtection(selectorCode);
		}
		if (!stackDescriptor.present()) {
			throw fault.stackFault(selectorCode);
		}
		unit.descriptors.setAccessed(stackDescriptor);
		stackDescriptor.loadInto(ss, selector);
	}

	/** Whether {@link #code}, read by {@link #readReturnCode}, is a 64-bit segment. */
	boolean returnsTo64Bit() {
		return to64Bit();
	}

	/** Checks the offset of a return against {@link #code}. */
	void requireReturnTarget(long offset) {
		requireTarget(offset);
	}

	/** Loads CS from {@link #code}. Returns the new RIP. */
	long enterReturnCode(int selector, long offset) {
		return enterCode(selector, offset, selector & 3);
	}
}
