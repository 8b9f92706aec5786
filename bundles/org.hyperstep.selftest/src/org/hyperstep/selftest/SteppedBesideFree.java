/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.MemoryImage;
import org.hyperstep.selftest.guest.StepCase;

/**
 * The same program in two guests: one is stepped by the debugger's mechanism, the other runs freely up to the same
 * virtual time, and both are compared after every step that retired an instruction; memory every so often, and at the end.
 */
@SuppressWarnings("nls")
final class SteppedBesideFree {
	private static final GuestRegister[] REGISTERS = GuestRegister.values();
	private static final int MOST_STEPS = 200_000, STEPS_TO_MEMORY = 64;
	/** What the debug-exit port makes of code 0. */
	private static final int SUCCESS = 1;
	/** Where programs write: stack, handlers' counters, data. */
	private static final long[][] REGIONS = { { 0x7_7000, 0x1000 }, { 0x7_f000, 0x2000 }, { BareGuest.DATA, 0x2000 },
			{ BareGuest.REAL_DATA, 0x1000 }, { BareGuest.REAL_DATA + 0xf000, 0x1000 } };

	private final GuestPair pair;
	private final BareGuest stepped;
	private final BareGuest free;
	private long steps;

	/** Loads a program into a pair of guests of the column. */
	SteppedBesideFree(GuestPair pair, GeneratedProgram program, StepCase column, EventMask mask) {
		this.pair = pair;
		stepped = pair.stepped;
		free = pair.free;
		pair.load(program);
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
	 * The delivery of an event, or a VM exit to a guest hypervisor in its place, is a step of its own and retires nothing; the
	 * free guest delivers it when it goes on. Where a debug trap of the guest's own or a guest hypervisor's trap is due, the
	 * free guest takes it before it stops: it is compared with the stepped guest once that has taken it, too.
	 */
	String difference() {
		String open = "";
		while (steps < MOST_STEPS) {
			long before = stepped.cpu.retired();
			int level = stepped.cpu.nestingLevel();
			VcpuStop stop = stepped.cpu.step();
			if (!(stop instanceof VcpuStop.StepDone done)) {
				return open.isEmpty() ? atTheEnd(stop) : open;
			}
			steps++;
			boolean delivery = stepped.cpu.retired() == before
					&& (done.enteredVector() >= 0 || stepped.cpu.nestingLevel() < level);
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
			difference = memory();
		}
		return difference.isEmpty() ? "" : "after step " + steps + ": " + difference;
	}

	private String atTheEnd(VcpuStop stop) {
		VcpuStop end = free.cpu.run(MOST_STEPS);
		if (!end.equals(stop)) {
			return "stepped it ended with " + stop + ", free with " + end;
		}
		if (!(stop instanceof VcpuStop.MachineExit exit) || exit.status() != SUCCESS) {
			return "the program did not come to its end: " + stop + ", at RIP 0x" + Long.toHexString(stepped.rip());
		}
		String difference = registers() + memoryAt(pair.memoryDifference());
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

	private String memory() {
		for (long[] region : REGIONS) {
			long at = MemoryImage.difference(stepped.machine.physicalMemory(), free.machine.physicalMemory(), region[0],
					(int) region[1]);
			if (at >= 0) {
				return memoryAt(at);
			}
		}
		return "";
	}

	private String memoryAt(long address) {
		return address < 0 ? ""
				: "memory at 0x" + Long.toHexString(address) + ": stepped "
						+ stepped.machine.physicalMemory().read(address, 1) + ", free "
						+ free.machine.physicalMemory().read(address, 1);
	}
}
