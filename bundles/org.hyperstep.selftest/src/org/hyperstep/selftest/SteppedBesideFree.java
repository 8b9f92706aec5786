/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.Arrays;

import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/**
 * The same program in two guests: one is stepped by the debugger's mechanism, the other runs freely up to the same
 * virtual time, and both are compared after every step that retired an instruction; memory every so often, and at the end.
 */
@SuppressWarnings("nls")
final class SteppedBesideFree {
	private static final GuestRegister[] REGISTERS = GuestRegister.values();
	private static final int MOST_STEPS = 200_000, STEPS_TO_MEMORY = 64;
	/** Where programs write: stack, handlers' counters, data. */
	private static final long[][] REGIONS = { { 0x7_7000, 0x1000 }, { 0x7_f000, 0x2000 }, { BareGuest.DATA, 0x2000 },
			{ BareGuest.REAL_DATA, 0x1000 }, { BareGuest.REAL_DATA + 0xf000, 0x1000 } };
	private static final long[][] ALL = { { 0, 0x9_6000 }, { BareGuest.CODE, 0x10_2000 } };

	private final BareGuest stepped;
	private final BareGuest free;
	private long steps;

	SteppedBesideFree(GeneratedProgram program, StepCase column, EventMask mask) {
		stepped = program.load(column);
		free = program.load(column);
		stepped.cpu.setStepMechanism(column.mechanism());
		stepped.cpu.setMask(mask);
		free.cpu.setMask(mask);
	}

	/** Steps made by {@link #difference}. */
	long steps() {
		return steps;
	}

	/**
	 * Steps to the program's end. Returns the first difference, or nothing.
	 *
	 * <p>
	 * The delivery of an event is a step of its own and retires nothing; the free guest delivers it when it goes on. Where a debug trap of the guest's own is due, the
	 * free guest takes it before it stops: it is compared with the stepped guest once that has taken it, too.
	 */
	String difference() {
		String open = "";
		while (steps < MOST_STEPS) {
			long before = stepped.cpu.retired();
			VcpuStop stop = stepped.cpu.step();
			if (!(stop instanceof VcpuStop.StepDone done)) {
				return open.isEmpty() ? atTheEnd(stop) : open;
			}
			steps++;
			boolean delivery = done.enteredVector() >= 0 && stepped.cpu.retired() == before;
			if (!open.isEmpty() && !delivery) {
				return open;
			}
			open = delivery && open.isEmpty() ? "" : compared();
		}
		return "the program did not end in " + steps + " steps";
	}

	private String compared() {
		long time = stepped.guest.time() - free.guest.time();
		if (time > 0) {
			VcpuStop stop = free.cpu.run(time);
			if (!(stop instanceof VcpuStop.SliceOver)) {
				return "the free guest stopped: " + stop;
			}
		}
		String difference = registers();
		if (difference.isEmpty() && steps % STEPS_TO_MEMORY == 0) {
			difference = memory(REGIONS);
		}
		return difference.isEmpty() ? "" : "after step " + steps + ": " + difference;
	}

	private String atTheEnd(VcpuStop stop) {
		VcpuStop end = free.cpu.run(MOST_STEPS);
		if (!end.equals(stop)) {
			return "stepped it ended with " + stop + ", free with " + end;
		}
		if (!(stop instanceof VcpuStop.MachineExit)) {
			return "the program did not come to its end: " + stop + ", at RIP 0x" + Long.toHexString(stepped.rip());
		}
		String difference = registers() + memory(ALL);
		return difference.isEmpty() && !stepped.cpu.pendingEvents().equals(free.cpu.pendingEvents())
				? "pending: stepped " + stepped.cpu.pendingEvents() + ", free " + free.cpu.pendingEvents()
				: difference;
	}

	private String registers() {
		if (stepped.cpu.retired() != free.cpu.retired()) {
			return "stepped " + stepped.cpu.retired() + " instructions retired, free " + free.cpu.retired();
		}
		for (GuestRegister register : REGISTERS) {
			long one = stepped.cpu.read(register);
			long other = free.cpu.read(register);
			if (one != other) {
				return register + ": stepped 0x" + Long.toHexString(one) + ", free 0x" + Long.toHexString(other)
						+ ", at RIP 0x" + Long.toHexString(stepped.rip());
			}
		}
		return "";
	}

	private String memory(long[][] regions) {
		for (long[] region : regions) {
			byte[] one = new byte[(int) region[1]];
			byte[] other = new byte[(int) region[1]];
			stepped.cpu.memory().readPhysical(region[0], one, 0, one.length);
			free.cpu.memory().readPhysical(region[0], other, 0, other.length);
			int at = Arrays.mismatch(one, other);
			if (at >= 0) {
				return "memory at 0x" + Long.toHexString(region[0] + at) + ": stepped " + one[at] + ", free "
						+ other[at];
			}
		}
		return "";
	}
}
