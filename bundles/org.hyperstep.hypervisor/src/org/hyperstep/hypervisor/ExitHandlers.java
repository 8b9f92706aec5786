/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;

/**
 * What the hypervisor does about each kind of exit: one row each. A handler returns why the CPU stops, or null to enter
 * the guest again.
 */
final class ExitHandlers {
	/** One row. */
	@FunctionalInterface
	interface Handler {
		@Nullable
		VcpuStop handle(Exit exit);
	}

	/** ECX of MWAIT: interrupts end it even if they are masked. */
	private static final int INTERRUPTS_BREAK = 1;

	private final GuestCpu cpu;
	private final Processor processor;
	private final CpuState state;
	private final GuestMode mode;
	private final MsrAccess msrs;
	/** By ordinal of the kind. */
	private final @Nullable Handler[] rows = new @Nullable Handler[Exit.Kind.values().length];
	private final int[] identification = new int[4];

	ExitHandlers(GuestCpu cpu) {
		this.cpu = cpu;
		processor = cpu.processor;
		state = cpu.state;
		mode = cpu.guestMode;
		msrs = new MsrAccess(cpu);
		processor.contexts().provideMsrs(msrs);
		row(Exit.Kind.HOST_INTERRUPT, this::enterAgain);
		row(Exit.Kind.WINDOW, this::enterAgain);
		row(Exit.Kind.MONITOR_TRAP, this::enterAgain);
		row(Exit.Kind.RETRY, this::enterAgain);
		row(Exit.Kind.EXCEPTION, cpu.debugExceptions::intercepted);
		row(Exit.Kind.TRIPLE_FAULT, this::tripleFault);
		row(Exit.Kind.CPUID, this::cpuid);
		row(Exit.Kind.HLT, this::halt);
		row(Exit.Kind.PAUSE, this::pause);
		row(Exit.Kind.MWAIT, this::waitForStore);
		row(Exit.Kind.RDMSR, msrs::read);
		row(Exit.Kind.WRMSR, msrs::write);
		row(Exit.Kind.CONTROL_REGISTER, this::taskPriority);
		row(Exit.Kind.DEBUG_REGISTER, cpu.debugExceptions::debugRegister);
		row(Exit.Kind.XSETBV, this::extendedControlRegister);
		row(Exit.Kind.RSM, exit -> cpu.systemManagement.resume());
		row(Exit.Kind.TASK_SWITCH, this::taskSwitch);
		ApicExits apic = new ApicExits(cpu);
		row(Exit.Kind.APIC_WRITE, apic::written);
		row(Exit.Kind.APIC_ACCESS, apic::accessed);
		row(Exit.Kind.END_OF_INTERRUPT, apic::endOfInterrupt);
		row(Exit.Kind.CACHE, this::skip);
		row(Exit.Kind.UNDEFINED_INSTRUCTION, this::undefinedInstruction);
		row(Exit.Kind.FORBIDDEN, this::forbidden);
		row(Exit.Kind.SECOND_LEVEL, this::unexpected);
		row(Exit.Kind.UNEXPECTED, this::unexpected);
	}

	private void row(Exit.Kind kind, Handler handler) {
		rows[kind.ordinal()] = handler;
	}

	@Nullable
	VcpuStop handle(Exit exit) {
		Handler handler = rows[exit.kind.ordinal()];
		if (handler == null) {
			throw new IllegalStateException("no row for exits of kind " + exit.kind); //$NON-NLS-1$
		}
		return handler.handle(exit);
	}

	/** Kinds that have a row; all must. */
	boolean covers(Exit.Kind kind) {
		return rows[kind.ordinal()] != null;
	}

	private @Nullable VcpuStop enterAgain(Exit exit) {
		return null;
	}

	private @Nullable VcpuStop skip(Exit exit) {
		cpu.entry.skipInstruction(exit.length);
		return null;
	}

	private VcpuStop tripleFault(Exit exit) {
		return cpu.activity.shutDown();
	}

	private @Nullable VcpuStop cpuid(Exit exit) {
		int leaf = (int) state.general[CpuState.RAX];
		processor.system().privilegedInstructions.identify(leaf, (int) state.general[CpuState.RCX], identification);
		mode.hideFeatures(leaf, identification);
		state.general[CpuState.RAX] = identification[0] & 0xffff_ffffL;
		state.general[CpuState.RBX] = identification[1] & 0xffff_ffffL;
		state.general[CpuState.RCX] = identification[2] & 0xffff_ffffL;
		state.general[CpuState.RDX] = identification[3] & 0xffff_ffffL;
		return skip(exit);
	}

	private @Nullable VcpuStop halt(Exit exit) {
		cpu.entry.skipInstruction(exit.length);
		cpu.activity.halt();
		return null;
	}

	/** MWAIT: waits if MONITOR has armed the monitor and nothing has triggered it. */
	private @Nullable VcpuStop waitForStore(Exit exit) {
		long extensions = state.general[CpuState.RCX] & 0xffff_ffffL;
		if (extensions > INTERRUPTS_BREAK) {
			cpu.injector.queueFault(Vector.GP, 0);
			return null;
		}
		cpu.entry.skipInstruction(exit.length);
		cpu.activity.waitForStore(extensions == INTERRUPTS_BREAK);
		return null;
	}

	private @Nullable VcpuStop pause(Exit exit) {
		cpu.entry.skipInstruction(exit.length);
		cpu.activity.pause();
		return null;
	}

	/** The processor's one meaning switches tasks: of the instruction, or of the event, which is injected again. */
	private @Nullable VcpuStop taskSwitch(Exit exit) {
		mode.passTaskSwitch();
		return cpu.injector.hasQueued() ? null : cpu.entry.emulated(cpu.entry.emulateOne());
	}

	/** CR8 is the local APIC's task priority. */
	private @Nullable VcpuStop taskPriority(Exit exit) {
		if (exit.register != 8) {
			return unexpected(exit);
		}
		if (!exit.write) {
			state.general[exit.general] = cpu.apic.taskPriorityClass();
		} else if ((state.general[exit.general] & ~15L) != 0) {
			cpu.injector.queueFault(Vector.GP, 0);
			return null;
		} else {
			cpu.apic.setTaskPriorityClass((int) state.general[exit.general]);
		}
		return skip(exit);
	}

	/** XCR0 is the guest's own; the exit cannot be switched off, and the checks are the instruction's. */
	private @Nullable VcpuStop extendedControlRegister(Exit exit) {
		long value = state.general[CpuState.RAX] & 0xffff_ffffL | state.general[CpuState.RDX] << 32;
		if ((int) state.general[CpuState.RCX] != 0 || !processor.system().model.acceptsXcr0(value)) {
			cpu.injector.queueFault(Vector.GP, 0);
			return null;
		}
		state.xcr0 = value;
		return skip(exit);
	}

	private @Nullable VcpuStop undefinedInstruction(Exit exit) {
		cpu.injector.queueFault(Vector.UD, -1);
		return null;
	}

	private @Nullable VcpuStop forbidden(Exit exit) {
		cpu.injector.queueFault(Vector.GP, 0);
		return null;
	}

	@SuppressWarnings("nls")
	private VcpuStop unexpected(Exit exit) {
		return new VcpuStop.UnexpectedExit(cpu.number(),
				"VM exit " + mode.exitName(exit.number) + " has no rule here: information 0x"
						+ Long.toHexString(exit.information) + ", guestPhysical 0x" + Long.toHexString(exit.payload)
						+ ", RIP 0x" + Long.toHexString(state.rip) + ", RSP 0x"
						+ Long.toHexString(state.general[CpuState.RSP]) + ", RFLAGS 0x"
						+ Long.toHexString(state.rflags) + ", " + cpu.mode());
	}
}
