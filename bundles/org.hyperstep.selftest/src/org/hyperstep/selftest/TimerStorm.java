/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.hypervisor.EventKind;
import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.hypervisor.ExecutionMarks;
import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.PendingEvent;
import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.hyperstep.x86.state.CpuState;

/** A guest whose timer fires every few hundred instructions: a person who steps is always too slow. */
@SuppressWarnings("nls")
final class TimerStorm {
	private static final int STEPS = 10_000, WARM_UP = 300_000, GATE = 16, LIMIT = 1_000_000;

	private final SampleGuest guest;
	private final Vcpu cpu;

	private TimerStorm(StepCase column, String commandLine) throws CheckFailure {
		guest = new SampleGuest(Sample.TICKER, column, commandLine);
		cpu = guest.cpu;
		guest.guest.run(WARM_UP);
		for (int i = 0; !interruptsEnabled(); i++) {
			CheckFailure.holds("the guest enables interrupts", i < LIMIT);
			guest.guest.run(10);
		}
	}

	static List<Check> checks() {
		List<Check> checks = new ArrayList<>();
		for (StepCase column : StepCase.values()) {
			checks.add(new Check("10,000 masked steps, none in the handler, " + column.label(),
					() -> new TimerStorm(column, "forever").maskedSteps()));
			checks.add(new Check("what was held back arrives on resume, before the next instruction, " + column.label(),
					() -> new TimerStorm(column, "forever").heldArrives()));
			checks.add(new Check("no interrupt is lost or doubled by masked steps, " + column.label(),
					() -> noneIsLost(column)));
			checks.add(
					new Check(
							"an unmasked step stops at the handler's first instruction, the frame as without a debugger, "
									+ column.label(),
							() -> new TimerStorm(column, "forever").unmaskedStep()));
		}
		return checks;
	}

	private boolean interruptsEnabled() {
		return (cpu.read(GuestRegister.RFLAGS) & CpuState.IF) != 0;
	}

	private String maskedSteps() throws CheckFailure {
		cpu.setMask(EventMask.ALL);
		for (int i = 0; i < STEPS; i++) {
			long before = cpu.retired();
			CheckFailure.same("stop of step " + i, new VcpuStop.StepDone(0, -1), cpu.step());
			CheckFailure.same("instructions retired by step " + i, before + 1, cpu.retired());
			for (PendingEvent pending : cpu.pendingEvents()) {
				CheckFailure.holds("step " + i + " stays outside the handler",
						handler(pending.vector()) != cpu.linearRip());
			}
		}
		List<PendingEvent> held = cpu.pendingEvents();
		CheckFailure.same("events held back", 1, held.size());
		CheckFailure.same("why", PendingEvent.Blocked.MASKED_BY_DEBUGGER, held.get(0).blocked());
		return STEPS + " steps";
	}

	private String heldArrives() throws CheckFailure {
		cpu.setMask(EventMask.ALL);
		PendingEvent held = held();
		cpu.setMask(EventMask.NONE);
		long before = cpu.retired();
		runTo(handler(held.vector()));
		CheckFailure.same("instructions retired before the handler", before, cpu.retired());
		return "";
	}

	private void runTo(long linear) throws CheckFailure {
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[] { linear }, new long[0]));
		CheckFailure.holds("the guest reaches the handler",
				guest.guest.run(LIMIT) instanceof VcpuStop.MarkReached reached && reached.linear() == linear);
	}

	/** What the local APIC accepted while a request waited already is one request, as in hardware; each is delivered once. */
	private static String noneIsLost(StepCase column) throws CheckFailure {
		TimerStorm storm = new TimerStorm(column, "rounds=1");
		long[] raised = new long[1];
		long[] delivered = new long[1];
		long pending = storm.cpu.pendingEvents().size();
		storm.guest.guest.setEventSink((kind, cpu, level, number, linear, retired, information) -> {
			raised[0] += kind == EventKind.INTERRUPT_RAISED ? 1 : 0;
			delivered[0] += kind == EventKind.INTERRUPT_DELIVERED ? 1 : 0;
		});
		storm.cpu.setMask(EventMask.ALL);
		PendingEvent held = storm.held();
		for (int i = 0; i < STEPS / 2; i++) {
			storm.cpu.step();
		}
		PendingEvent waits = storm.cpu.pendingEvents().get(0);
		CheckFailure.same("the vector that waits", held.vector(), waits.vector());
		CheckFailure.same("since when it waits", held.since(), waits.since());
		storm.cpu.setMask(EventMask.NONE);
		CheckFailure.holds("the guest ends by itself", storm.guest.runToStop() instanceof VcpuStop.MachineExit);
		CheckFailure.same("interrupts delivered", pending + raised[0] - storm.cpu.pendingEvents().size(), delivered[0]);
		CheckFailure.holds("the guest's results are right: " + storm.guest.serial(),
				storm.guest.serial().contains("mistakes=0"));
		return delivered[0] + " interrupts";
	}

	private String unmaskedStep() throws CheckFailure {
		cpu.setMask(EventMask.ALL);
		PendingEvent held = held();
		long rip = cpu.read(GuestRegister.RIP);
		long flags = cpu.read(GuestRegister.RFLAGS);
		cpu.setMask(EventMask.NONE);
		CheckFailure.same("stop", new VcpuStop.StepDone(0, held.vector()), cpu.step());
		CheckFailure.same("address", handler(held.vector()), cpu.linearRip());
		CheckFailure.same("pushed RIP", rip, word(cpu.read(GuestRegister.RSP)));
		CheckFailure.same("pushed RFLAGS", flags, word(cpu.read(GuestRegister.RSP) + 16));
		CheckFailure.holds("TF is clear in the frame", (flags & CpuState.TF) == 0);
		return "";
	}

	/** Steps until the mask holds an interrupt back that the guest would take. */
	private PendingEvent held() throws CheckFailure {
		for (int i = 0; i < LIMIT; i++) {
			List<PendingEvent> pending = cpu.pendingEvents();
			if (!pending.isEmpty() && pending.get(0).blocked() == PendingEvent.Blocked.MASKED_BY_DEBUGGER) {
				return pending.get(0);
			}
			cpu.step();
		}
		throw new CheckFailure("the mask held nothing back in " + LIMIT + " steps");
	}

	/** The first instruction of a vector's handler, from the guest's IDT. */
	private long handler(int vector) {
		long gate = cpu.read(GuestRegister.IDTR_BASE) + (long) vector * GATE;
		long low = word(gate);
		return low & 0xffff | low >>> 32 & 0xffff_0000L | word(gate + 8) << 32;
	}

	private long word(long linear) {
		byte[] bytes = new byte[Long.BYTES];
		cpu.memory().readLinear(linear, bytes, 0, bytes.length);
		return java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
	}
}
