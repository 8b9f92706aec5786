/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.hyperstep.hypervisor.ExecutionMarks;
import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.PendingEvent;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/** A guest of some instructions with its local APIC enabled, and the questions that rules ask of it. */
@SuppressWarnings("nls")
final class RuleGuest {
	/** Vectors of the debug exception, of an invalid opcode, and of the interrupt that rules raise. */
	static final int DB = 1, UD = 6, RAISED = 0x90, SOFTWARE = 0x80;
	static final int B0 = 1, BD = 1 << 13, BS = 1 << 14;
	static final long RF = 1 << 16;
	/** MOV EAX, 1FFh; MOV [FEE000F0h], EAX. */
	private static final String ENABLE_APIC = "b8ff010000 a3f000e0fe00000000";
	private static final int APIC_LENGTH = 14, LONGEST = 100_000;

	final BareGuest guest;
	private final int setup;

	/**
	 * A guest that stands before its code, which begins behind the setup.
	 *
	 * @param setup executed before the rule's own code
	 */
	RuleGuest(StepCase column, String setup, String code) throws CheckFailure {
		guest = new BareGuest(column, ENABLE_APIC + setup + code + "90".repeat(8) + "fa f4");
		guest.put(BareGuest.DATA, "18 00 00 00 00 00 00 00");
		this.setup = APIC_LENGTH + setup.replace(" ", "").length() / 2;
		guest.stepTo(this.setup);
	}

	/** A guest without setup. */
	RuleGuest(StepCase column, String code) throws CheckFailure {
		this(column, "", code);
	}

	/** Address of an offset of the rule's code. */
	long at(int offset) {
		return BareGuest.CODE + setup + offset;
	}

	/** Makes a step that enters no handler, and ends at an offset. */
	void step(int offset) throws CheckFailure {
		CheckFailure.same("stop before offset " + offset, new VcpuStop.StepDone(0, -1), guest.cpu.step());
		CheckFailure.same("RIP after the step", at(offset), guest.rip());
	}

	/** Makes a step that enters the handler of a vector, whose frame returns to an offset. */
	void stepInto(int vector, int offset) throws CheckFailure {
		CheckFailure.same("stop", new VcpuStop.StepDone(0, vector), guest.cpu.step());
		inHandler(vector, at(offset));
	}

	/** Runs freely up to the handler of a vector, whose frame returns to an offset. */
	void runInto(int vector, int offset) throws CheckFailure {
		runIntoFrom(vector, at(offset));
	}

	/** Runs freely up to the handler of a vector, whose frame returns to an address. */
	void runIntoFrom(int vector, long address) throws CheckFailure {
		mark(BareGuest.handler(vector));
		VcpuStop stop = guest.guest.run(LONGEST);
		mark();
		CheckFailure.same("stop", new VcpuStop.MarkReached(0, BareGuest.handler(vector)), stop);
		inHandler(vector, address);
	}

	private void mark(long... linear) {
		guest.guest.setExecutionMarks(new ExecutionMarks(linear, new long[0]));
	}

	private void inHandler(int vector, long address) throws CheckFailure {
		CheckFailure.same("RIP, at the handler's first instruction", BareGuest.handler(vector), guest.rip());
		CheckFailure.same("pushed RIP", address, guest.stacked(0));
		CheckFailure.same("TF in the pushed RFLAGS", guestTrapFlag ? 0x100 : 0, guest.stacked(2) & 0x100);
	}

	/** Whether the guest itself single-steps, so that its frames show TF. */
	boolean guestTrapFlag;

	/** Raises an interrupt at the guest. */
	void raise() {
		guest.cpu.raiseInterrupt(RAISED);
	}

	/** Why the raised interrupt waits. */
	void waitsFor(PendingEvent.Blocked reason) throws CheckFailure {
		CheckFailure.same("pending events", 1, guest.cpu.pendingEvents().size());
		CheckFailure.same("why it waits", reason, guest.cpu.pendingEvents().get(0).blocked());
	}

	void dr6Is(long causes) throws CheckFailure {
		CheckFailure.same("DR6", 0xffff0ff0L | causes, guest.cpu.read(GuestRegister.DR6));
	}

	long rcx() {
		return guest.cpu.read(GuestRegister.RCX);
	}

	/** A rule's proof in one column. */
	@FunctionalInterface
	interface Proof {
		void prove(StepCase column) throws CheckFailure;
	}

	/** One check for each rule and column. */
	static List<Check> checks(Map<String, Proof> rules) {
		List<Check> checks = new ArrayList<>();
		rules.forEach((name, proof) -> {
			for (StepCase column : StepCase.values()) {
				checks.add(new Check(name + ", " + column.label(), () -> {
					proof.prove(column);
					return "";
				}));
			}
		});
		return checks;
	}
}
