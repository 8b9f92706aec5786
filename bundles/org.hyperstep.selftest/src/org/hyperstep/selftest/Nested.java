/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.hypervisor.Virtualization;
import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.selftest.guest.StepCase;

/** A guest hypervisor with a guest of its own: stepped from its first instruction to its last, across entries and exits. */
@SuppressWarnings("nls")
final class Nested {
	private static final int OUTER = 1, INNER = 2, PROGRAMS = 70;
	private static final String QUIET = "period=0 rounds=3", TIMER = "period=600 rounds=3",
			OWN_TRAP_FLAG = "period=700 rounds=3 mtf=200";

	private Nested() {
	}

	static List<Check> checks() {
		List<Check> checks = new ArrayList<>();
		for (StepCase column : StepCase.values()) {
			checks.add(new Check("steps across VM entries into the inner guest and its exits leave no trace, "
					+ column.label(), () -> prove(column, QUIET)));
			checks.add(new Check("so do they while a timer makes the inner guest exit, " + column.label(),
					() -> prove(column, TIMER)));
			checks.add(new Check("generated programs in a guest hypervisor's guest, " + column.label(),
					() -> TransparentStepping.proveNested(column, PROGRAMS)));
			if (column.virtualization() == Virtualization.VMX) {
				checks.add(new Check("so do they while the guest hypervisor uses the monitor trap flag itself, "
						+ column.label(), () -> prove(column, OWN_TRAP_FLAG)));
			}
		}
		return checks;
	}

	private static String prove(StepCase column, String commandLine) throws CheckFailure {
		SampleGuest free = new SampleGuest(Sample.NESTED, column, commandLine);
		SampleGuest stepped = new SampleGuest(Sample.NESTED, column, commandLine);
		VcpuStop end = free.runToStop();
		long inner = 0;
		long entries = 0;
		int level = OUTER;
		VcpuStop stop;
		do {
			stop = stepped.cpu.step();
			int now = stepped.cpu.nestingLevel();
			inner += now == INNER ? 1 : 0;
			entries += now == INNER && level == OUTER ? 1 : 0;
			level = now;
		} while (stop instanceof VcpuStop.StepDone);
		CheckFailure.same("the end", end, stop);
		CheckFailure.holds("the guest hypervisor's results are right: " + free.serial(),
				end instanceof VcpuStop.MachineExit exit && exit.status() == 1);
		CheckFailure.same("output", free.serial(), stepped.serial());
		same(free.cpu, stepped.cpu);
		CheckFailure.holds("the inner guest was stepped", inner > 0 && entries > 1);
		return inner + " steps in the inner guest, entered " + entries + " times";
	}

	private static void same(Vcpu free, Vcpu stepped) throws CheckFailure {
		CheckFailure.same("instructions retired", free.retired(), stepped.retired());
		for (GuestRegister register : GuestRegister.values()) {
			CheckFailure.same(register.name(), free.read(register), stepped.read(register));
		}
	}
}
