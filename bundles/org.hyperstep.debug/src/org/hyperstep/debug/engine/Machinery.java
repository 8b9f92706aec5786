/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Exemption;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.backend.BackEnd;
import org.hyperstep.debug.backend.BackEndStop;
import org.hyperstep.symbols.SymbolFile;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;

/** What motions share: the back end with its usual questions, and the breakpoints. On the engine's thread. */
final class Machinery {
	private static final long[] NONE = {};

	final BackEnd backEnd;
	final SymbolFile symbols;
	final BreakpointTable breakpoints;
	private final int rsp;
	private final int rbp;
	private @Nullable ExitStatus exit;
	private Runnable whenIdle = () -> {
	};

	Machinery(BackEnd backEnd, SymbolFile symbols) {
		this.backEnd = backEnd;
		this.symbols = symbols;
		this.breakpoints = new BreakpointTable(symbols);
		this.rsp = registerIndex("rsp"); //$NON-NLS-1$
		this.rbp = registerIndex("rbp"); //$NON-NLS-1$
	}

	int registerIndex(String name) {
		for (int i = 0; i < backEnd.registers().size(); i++) {
			if (backEnd.registers().get(i).name().equals(name)) {
				return i;
			}
		}
		throw new IllegalStateException("the back end has no register " + name); //$NON-NLS-1$
	}

	/** Has an action run whenever a motion has nothing to do but to wait for something from outside. */
	void onIdle(Runnable action) {
		whenIdle = action;
	}

	/** How the guest ended, once a motion has met its end. */
	@Nullable
	ExitStatus exit() {
		return exit;
	}

	long rip(int cpu) {
		return backEnd.linearRip(cpu);
	}

	long rsp(int cpu) {
		return backEnd.readRegister(cpu, rsp);
	}

	long rbp(int cpu) {
		return backEnd.readRegister(cpu, rbp);
	}

	/** The instruction at a linear address; one of illegal kind where nothing can be read. */
	Instruction instructionAt(int cpu, long linear) {
		byte[] code = new byte[Decoder.MAXIMUM_LENGTH];
		int length = backEnd.readMemory(cpu, MemorySpace.LINEAR, linear, code, 0, code.length);
		return Decoder.decode(backEnd.codeSize(cpu), code, 0, length);
	}

	/** Holds back what the policy holds back while stepping. */
	void mask(int cpu, StepPolicy policy) {
		backEnd.setMask(cpu, policy.maskInterrupts(), policy.maskNmi(), policy.maskSmi(),
				!policy.exempts(Exemption.VM_EXITS));
	}

	void unmask(int cpu) {
		backEnd.setMask(cpu, false, false, false, false);
	}

	/** What a callee runs under while it is stepped over or returned from. */
	void maskCallee(int cpu, StepPolicy policy) {
		if (policy.maskDuringStepOver()) {
			mask(cpu, policy);
		} else {
			unmask(cpu);
		}
	}

	/** Marks all enabled breakpoints, and one more address of the motion's own. */
	void mark(long internal) {
		backEnd.setMarks(breakpoints.linearAddresses(internal), breakpoints.guestPhysicalAddresses());
	}

	/** Marks all enabled breakpoints. */
	void mark() {
		backEnd.setMarks(breakpoints.linearAddresses(), breakpoints.guestPhysicalAddresses());
	}

	/** Takes all marks away. */
	void unmark() {
		backEnd.setMarks(NONE, NONE);
	}

	/**
	 * What the user is told where the back end stopped for a reason that no motion asked for; null where the guest
	 * goes on.
	 */
	@Nullable
	StopEvent general(BackEndStop stop) {
		return switch (stop) {
			case BackEndStop.SliceOver over -> null;
			case BackEndStop.Idle idle -> {
				whenIdle.run();
				yield null;
			}
			case BackEndStop.Restarted restarted -> null;
			case BackEndStop.MarkReached mark -> breakpointHit(mark.cpu(), mark.linear());
			case BackEndStop.StepDone step -> null;
			case BackEndStop.Halted halted -> new StopEvent.Halted(halted.cpu(), rip(halted.cpu()), halted.heldBack());
			case BackEndStop.TripleFault fault -> new StopEvent.TripleFault(fault.cpu(), rip(fault.cpu()));
			case BackEndStop.Failure failure ->
				new StopEvent.Failure(failure.cpu(), rip(failure.cpu()), failure.text());
			case BackEndStop.Exited exited -> {
				exit = exited.status();
				yield new StopEvent.Suspended(exited.cpu(), rip(exited.cpu()));
			}
		};
	}

	/** The stop at breakpoints that the user set; null where none of his is there. */
	@Nullable
	StopEvent breakpointHit(int cpu, long linear) {
		List<Breakpoint> met = breakpoints.met(linear, address -> backEnd.translate(cpu, address));
		return met.isEmpty() ? null : new StopEvent.BreakpointHit(cpu, linear, met);
	}
}
