/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import org.eclipse.jdt.annotation.Nullable;

/**
 * Two contexts in force at a time: the bottom's, and above it the one that a guest hypervisor has entered. Second-level
 * translations compose, the inner one's result being the bottom's guestPhysical. What the bottom asks for to watch the
 * guest (exceptions, debug registers, the host's interrupt) it is asked first. What it asks for to provide the virtual
 * processor's own behaviour (CPUID, ports, MSRs, control registers) is that of the guest hypervisor's machine, and comes
 * behind the guest hypervisor's intercepts, as a processor's behaviour comes behind its intercepts. Monitor trap and
 * windows are armed and asked level by level, not here.
 */
final class NestedContext implements Interception {
	private static final long PHYSICAL_MASK = (1L << 52) - 1;

	Interception bottom = Interception.NONE;
	Interception inner = Interception.NONE;
	private int permissions = READ | WRITE | EXECUTE;

	@Override
	public long translate(long guestPhysical, int access, long linear, boolean forWalk) {
		long outer = inner.translate(guestPhysical, access, linear, forWalk) & PHYSICAL_MASK;
		int allowed = inner.pagePermissions();
		if (inner.ownPage()) {
			permissions = allowed;
			return outer;
		}
		long host = bottom.translate(outer, access, linear, forWalk);
		permissions = allowed & bottom.pagePermissions();
		return host;
	}

	@Override
	public long translateForDebugger(long guestPhysical) {
		long outer = inner.translateForDebugger(guestPhysical);
		return outer < 0 ? outer : bottom.translateForDebugger(outer);
	}

	@Override
	public int pagePermissions() {
		return permissions;
	}

	@Override
	public void exception(int vector, int errorCode, long payload, boolean software) {
		bottom.exception(vector, errorCode, payload, software);
		inner.exception(vector, errorCode, payload, software);
	}

	@Override
	public void requireEnabled(InterceptedInstruction instruction) {
		inner.requireEnabled(instruction);
		bottom.requireEnabled(instruction);
	}

	@Override
	public void instruction(InterceptedInstruction instruction, int length, long information) {
		// INT1 is intercepted as the exception it causes.
		if (instruction == InterceptedInstruction.ICEBP) {
			bottom.instruction(instruction, length, information);
			inner.instruction(instruction, length, information);
		} else {
			inner.instruction(instruction, length, information);
			bottom.instruction(instruction, length, information);
		}
	}

	@Override
	public boolean iretUnblocksNmis() {
		return inner.iretUnblocksNmis() && bottom.iretUnblocksNmis();
	}

	@Override
	public long controlRegisterWrite(int register, long value, int generalRegister) {
		long taken = inner.controlRegisterWrite(register, value, generalRegister);
		return register == 8 && inner.ownsTaskPriority() ? taken
				: bottom.controlRegisterWrite(register, taken, generalRegister);
	}

	@Override
	public long controlRegisterRead(int register, long value, int generalRegister) {
		if (register == 8) {
			long own = inner.controlRegisterRead(register, value, generalRegister);
			return inner.ownsTaskPriority() ? own : bottom.controlRegisterRead(register, own, generalRegister);
		}
		// The guest hypervisor's exit comes first; its mask is laid over what the bottom lets its machine see.
		inner.controlRegisterRead(register, value, generalRegister);
		long seen = bottom.controlRegisterRead(register, value, generalRegister);
		return inner.controlRegisterRead(register, seen, generalRegister);
	}

	@Override
	public long machineStatusWrite(long newCr0, boolean clts) {
		return bottom.machineStatusWrite(inner.machineStatusWrite(newCr0, clts), clts);
	}

	@Override
	public void debugRegister(int register, boolean write, int generalRegister) {
		bottom.debugRegister(register, write, generalRegister);
		inner.debugRegister(register, write, generalRegister);
	}

	@Override
	public void msr(int index, boolean write) {
		inner.msr(index, write);
		if (!inner.ownsMsr(index, write)) {
			bottom.msr(index, write);
		}
	}

	@Override
	public boolean ownsMsr(int index, boolean write) {
		return inner.ownsMsr(index, write) || bottom.ownsMsr(index, write);
	}

	@Override
	public long readMsr(int index) {
		return inner.ownsMsr(index, false) ? inner.readMsr(index) : bottom.readMsr(index);
	}

	@Override
	public void writeMsr(int index, long value) {
		if (inner.ownsMsr(index, true)) {
			inner.writeMsr(index, value);
		} else {
			bottom.writeMsr(index, value);
		}
	}

	@Override
	public void port(int port, int size, boolean in, boolean string, boolean repeated, boolean immediate,
			int addressSize, int segment, long linear) {
		inner.port(port, size, in, string, repeated, immediate, addressSize, segment, linear);
		bottom.port(port, size, in, string, repeated, immediate, addressSize, segment, linear);
	}

	@Override
	public void taskSwitch(int selector, int source) {
		inner.taskSwitch(selector, source);
		bottom.taskSwitch(selector, source);
	}

	@Override
	public void descriptorTable(InterceptedInstruction instruction, long information) {
		inner.descriptorTable(instruction, information);
		bottom.descriptorTable(instruction, information);
	}

	@Override
	public void tripleFault() {
		inner.tripleFault();
		bottom.tripleFault();
	}

	@Override
	public void floatErrorFreeze() {
		inner.floatErrorFreeze();
		bottom.floatErrorFreeze();
	}

	@Override
	public @Nullable VmExit hostInterrupt() {
		VmExit exit = inner.hostInterrupt();
		return exit == null ? bottom.hostInterrupt() : exit;
	}

	@Override
	public void deliveryBegins(int vector, int type, int errorCode, int instructionLength) {
		bottom.deliveryBegins(vector, type, errorCode, instructionLength);
		inner.deliveryBegins(vector, type, errorCode, instructionLength);
	}

	@Override
	public void deliveryEnds() {
		bottom.deliveryEnds();
		inner.deliveryEnds();
	}

	@Override
	public long timeStampOffset() {
		return bottom.timeStampOffset() + inner.timeStampOffset();
	}
}
