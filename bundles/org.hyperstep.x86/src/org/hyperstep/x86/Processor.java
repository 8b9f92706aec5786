/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.execution.ExecutionObserver;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;

/**
 * One logical processor. It executes in the present context: plain operation, or a guest entered by VMX or SVM.
 * Everything here belongs to the machine's thread.
 */
public final class Processor {
	private final CpuState state = new CpuState();
	private Interception interception = Interception.NONE;
	private PortAccess ports = PortAccess.NONE;
	@SuppressWarnings("unused") private @Nullable ExecutionObserver observer;
	private boolean hostInterrupt;
	private long retired;
	private long deadline = Long.MAX_VALUE;
	private long timeStampBase;
	private long nextRip = 0;
	@SuppressWarnings("unused") private boolean jumped;

	/** The architectural registers; RFLAGS is exact between runs and inside routines. */
	public CpuState state() {
		return state;
	}

	/** The context that intercepts; {@link Interception#NONE} in plain operation. */
	public Interception interception() {
		return interception;
	}

	/** Enters or leaves a context. The caller loads the state and flushes what translations must go. */
	public void setInterception(Interception interception) {
		this.interception = interception;
	}

	/** Whether a guest runs: some context intercepts. */
	public boolean inGuest() {
		return interception != Interception.NONE;
	}

	/** The I/O address space of plain operation. */
	public PortAccess ports() {
		return ports;
	}

	/** Sets the I/O address space of plain operation. */
	public void setPorts(PortAccess ports) {
		this.ports = ports;
	}

	/**
	 * Instructions retired since reset, exact at each instruction boundary and inside routines. Each iteration of a
	 * repeated string instruction counts as one, as single-stepping sees it.
	 */
	public long retired() {
		return retired;
	}

	/** Counts one instruction that the hypervisor executed in the guest's place. */
	public void retire() {
		retired++;
	}

	/** The host timer interrupt is asserted at the boundary where {@link #retired()} is {@code retired}, or is past it. */
	public void setDeadline(long retired) {
		deadline = retired;
	}

	/** When the host timer interrupt is asserted, in retired instructions. */
	public long deadline() {
		return deadline;
	}

	/** Asks for attention: a host interrupt at the next boundary, taken once. Also from within a device's access. */
	public void assertHostInterrupt() {
		hostInterrupt = true;
	}

	/** Whether the host interrupt is asserted: by request, or because the deadline is reached. */
	public boolean hostInterruptAsserted() {
		return hostInterrupt || retired >= deadline;
	}

	/** Takes back the request of {@link #assertHostInterrupt()}: it was taken, or is not wanted any more. */
	public void clearHostInterrupt() {
		hostInterrupt = false;
	}

	/** The host's time-stamp counter: virtual time in ticks of 1 ns, one per retired instruction. */
	public long timeStampCounter() {
		return timeStampBase + retired;
	}

	/** Lets virtual time skip forward (HLT) or sets the counter (WRMSR). */
	public void setTimeStampCounter(long value) {
		timeStampBase = value - retired;
	}

	/** Sets the marks to stop at, or null for none. */
	public void observe(@Nullable ExecutionObserver marks) {
		observer = marks;
	}

	/** Lets the instruction at RIP run on the next resume although it is marked. */
	public void passMark() {
	}

	/** Executes in the present context until something ends it. RIP, RFLAGS and {@link #retired()} are exact then. */
	public RunOutcome run() {
		return RunOutcome.VM_EXIT;
	}

	/**
	 * Executes exactly the instruction at RIP, or one iteration of a repeated one, in the present context with the
	 * guest's own flags. No event is taken before or after it; intercepts are asked; pending debug exceptions that the
	 * instruction causes stay pending. An exception is not delivered but reported.
	 */
	public RunOutcome emulateOne() {
		return RunOutcome.VM_EXIT;
	}

	// ---- for routines ----

	/** RIP of the instruction behind the one that executes. */
	public long nextRip() {
		return nextRip;
	}

	/** Transfers control to {@code rip}, an offset in the code segment. */
	public void jump(long rip) {
		state.rip = rip;
		jumped = true;
	}

	/** Operand {@code index} that the meaning prepared, zero-extended: a value, or a linear address. */
	public long argument(int index) {
		return state.general[16 + index];
	}

	/** The value that the meaning stores in the destination. */
	public void result(long value) {
		state.general[16] = value;
	}
}
