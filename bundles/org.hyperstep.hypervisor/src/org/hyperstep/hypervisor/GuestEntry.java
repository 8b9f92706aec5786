/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;

/** One entry into the guest and the exit from it: what goes before, and who deals with what came of it. */
final class GuestEntry {
	/** One more than the highest exit reason or exit code, INVALID excepted, which is a refusal. */
	private static final int EXIT_NUMBERS = 0x404;

	private final GuestCpu cpu;
	private final Processor processor;
	private final CpuState state;
	private final GuestMode mode;
	private final ExitHandlers handlers;
	private final InterruptDelivery delivery;
	private final Exit exit = new Exit();
	private final long[] exitCounts = new long[EXIT_NUMBERS];

	/** What was changed of the registers since they were stored in the control structure. */
	private enum Change {
		NOTHING,
		/** RIP, RFLAGS but for VM, CR2, DR6, what holds events off, pending debug exceptions. */
		POSITION, ANYTHING
	}

	private Change change = Change.ANYTHING;
	/** The hypervisor executed an instruction in the guest's place since it was asked last. */
	private boolean completed;
	/** What is entered for is not to be mixed with an interrupt that the hardware delivers. */
	private boolean holding;

	GuestEntry(GuestCpu cpu) {
		this.cpu = cpu;
		processor = cpu.processor;
		state = cpu.state;
		mode = cpu.guestMode;
		delivery = mode.interruptDelivery();
		handlers = new ExitHandlers(cpu);
	}

	/** Registers that the control structure holds were changed. */
	void changed() {
		change = Change.ANYTHING;
	}

	/** RIP, RFLAGS but for VM, CR2, DR6, what holds events off, or pending debug exceptions were changed. */
	void positionChanged() {
		if (change == Change.NOTHING) {
			change = Change.POSITION;
		}
	}

	/** Whether the hypervisor executed an instruction in the guest's place; asked once. */
	boolean takeCompleted() {
		boolean was = completed;
		completed = false;
		return was;
	}

	/** An instruction is at its end whose exit came behind it. */
	void instructionCompleted() {
		completed = true;
	}

	/** Has the hardware deliver no interrupt in the entries that follow, whatever the mask says. */
	void holdInterrupts(boolean hold) {
		holding = hold;
	}

	/** The kind of the last exit. */
	Exit.Kind lastExit() {
		return exit.kind;
	}

	/**
	 * Enters the guest once and deals with the exit.
	 *
	 * @param leaveAtOnce exit before the guest's first instruction, behind what the entry delivers
	 * @return why the CPU stops, or null
	 */
	@Nullable
	VcpuStop enterOnce(boolean leaveAtOnce) {
		beforeEntry();
		delivery.enter(holding || cpu.holdsInterrupts());
		if (leaveAtOnce) {
			processor.assertHostInterrupt();
		} else {
			processor.clearHostInterrupt();
		}
		return switch (mode.enter()) {
			case EXIT -> exited();
			case MARK -> {
				delivery.left();
				cpu.debugExceptions.exited();
				cpu.report.lookAtMode();
				yield new VcpuStop.MarkReached(cpu.number(), cpu.linearRip());
			}
			case REFUSED -> {
				cpu.debugExceptions.exited();
				yield new VcpuStop.UnexpectedExit(cpu.number(), mode.refusal());
			}
		};
	}

	private void beforeEntry() {
		completed = false;
		cpu.debugExceptions.enter();
		if (change != Change.NOTHING) {
			store(change);
			change = Change.NOTHING;
		}
	}

	private void store(Change what) {
		if (what == Change.POSITION) {
			mode.storePosition();
		} else {
			mode.storeState();
		}
	}

	private @Nullable VcpuStop exited() {
		mode.decode(exit);
		delivery.left();
		cpu.debugExceptions.exited();
		if (exit.vectoringVector >= 0) {
			if (exit.vectoringType == EventType.NMI) {
				// Its delivery had begun to block NMIs, and begins again.
				state.interruptibility.blockingByNmi = false;
				positionChanged();
			}
			cpu.injector.queue(exit.vectoringVector, exit.vectoringType, exit.vectoringErrorCode, exit.vectoringLength);
		}
		exitCounts[(int) exit.number]++;
		if (cpu.report.listening()) {
			cpu.report.tell(EventKind.VM_EXIT, exit.number, exit.information);
			cpu.report.lookAtMode();
		}
		VcpuStop stop = handlers.handle(exit);
		cpu.activity.lookAtState();
		return stop;
	}

	/** Executes the next instruction in the guest's place; what came of it goes to {@link #emulated}. */
	RunOutcome emulateOne() {
		cpu.debugExceptions.enter();
		delivery.enter(holding || cpu.holdsInterrupts());
		RunOutcome outcome = mode.emulateOne();
		if (outcome != RunOutcome.VM_EXIT) {
			delivery.left();
			cpu.debugExceptions.exited();
		}
		return outcome;
	}

	/** Deals with the outcome of an instruction executed in the guest's place. */
	@Nullable
	VcpuStop emulated(RunOutcome outcome) {
		switch (outcome) {
			case EXECUTED:
				completed = true;
				cpu.activity.lookAtState();
				return null;
			case FAULT:
				queueFault(processor.fault());
				return null;
			default:
				return exited();
		}
	}

	private void queueFault(GuestFault fault) {
		if (cpu.injector.raise(fault.vector(), fault.errorCode(), fault.payload())) {
			return;
		}
		if (fault.vector() == Vector.DB) {
			if ((fault.payload() & DebugStatus.BD) != 0) {
				state.rflags |= CpuState.RF;
			}
			cpu.debugExceptions.queueDebugException(fault.payload());
			return;
		}
		if (fault.vector() == Vector.PF) {
			state.cr2 = fault.payload();
		}
		cpu.injector.queueFault(fault.vector(), fault.errorCode());
	}

	/** Advances RIP over an instruction that was executed in the guest's place, with all that completion brings. */
	void skipInstruction(int length) {
		long next = state.rip + length;
		state.rip = switch (cpu.mode()) {
			case LONG_64 -> next;
			case PROTECTED_32, COMPATIBILITY_32 -> next & 0xffff_ffffL;
			default -> next & 0xffff;
		};
		state.rflags &= ~CpuState.RF;
		state.interruptibility.shadow = Shadow.NONE;
		boolean singleStep = (state.rflags & CpuState.TF) != 0
				&& (state.debugControl & DebugStatus.BRANCH_TRAP_FLAG) == 0;
		if (singleStep) {
			state.interruptibility.pendingDebugExceptions |= DebugStatus.BS;
		}
		processor.retire();
		processor.events().inner.advance();
		completed = true;
		positionChanged();
	}

	/** VM exits so far, by reason. */
	List<Vcpu.ExitCount> exitCounts() {
		List<Vcpu.ExitCount> counts = new ArrayList<>();
		for (int number = 0; number < EXIT_NUMBERS; number++) {
			if (exitCounts[number] != 0) {
				counts.add(new Vcpu.ExitCount(number, mode.exitName(number), exitCounts[number]));
			}
		}
		return counts;
	}
}
