/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.hypervisor.GuestDebug;
import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/**
 * What a kernel-based hypervisor's own test of guest debugging asks, for both vendors and all mechanisms: software and
 * hardware breakpoints, single-step with interrupts blocked, general detect. An interrupt is pending throughout.
 */
@SuppressWarnings("nls")
final class DebugRegisters {
	private static final String ENABLE_X2APIC = "b91b000000 0f32 0d000c0000 0f30";
	private static final String ENABLE_BY_SPURIOUS_VECTOR = "b90f080000 b8ff010000 31d2 0f30";
	private static final String SEND_SELF_AA = "b930080000 b8aa000400 31d2 0f30";
	private static final String INT3 = "cc", FOUR_NOPS = "90 90 90 90";
	/** MOV [200000h], RAX four times. */
	private static final String FOUR_STORES = "4889042500002000".repeat(4);
	/** STI; XOR EAX, EAX; CPUID; MOV ECX, 6E0h; WRMSR; CLI. */
	private static final String STEPPED = "fb 31c0 0fa2 b9e0060000 0f30 fa";
	private static final String[] STEPPED_NAMES = { "STI", "XOR", "CPUID", "MOV", "WRMSR", "CLI" };
	private static final int[] LENGTHS = { 1, 2, 2, 5, 2, 1 };
	/** MOV RAX, DR0; then MOV AL, 0; OUT F4h, AL. */
	private static final String GENERAL_DETECT = "0f21c0", END = "b000 e6f4 f4";

	private static final int SETUP = 14 + 14 + 14;
	private static final long DR6_CLEAN = 0xffff0ff0L, FIRST_NOP = BareGuest.CODE + SETUP + 1,
			FIRST_STORE = FIRST_NOP + 4, FIRST_STEPPED = FIRST_STORE + 32;
	private static final int BREAKPOINTS = 4, LONGEST = 1000;
	private static final GuestDebug SOFTWARE_BREAKPOINTS = new GuestDebug(true, 0, 0, 0, 0, 0);

	private final BareGuest guest;
	private final Vcpu cpu;

	private DebugRegisters(StepCase column) {
		guest = new BareGuest(column, ENABLE_X2APIC + ENABLE_BY_SPURIOUS_VECTOR + SEND_SELF_AA + INT3 + FOUR_NOPS
				+ FOUR_STORES + STEPPED + GENERAL_DETECT + END);
		cpu = guest.cpu;
	}

	/** A scenario: what is done from the one before on, and what must be seen. */
	@FunctionalInterface
	private interface Scenario {
		void play(DebugRegisters in) throws CheckFailure;
	}

	private record Named(String name, Scenario scenario) {
	}

	/** One check for each cell of the table: scenario by virtualization and mechanism. */
	static List<Check> checks() {
		List<Named> scenarios = scenarios();
		List<Check> checks = new ArrayList<>();
		for (int i = 0; i < scenarios.size(); i++) {
			int last = i;
			for (StepCase column : StepCase.values()) {
				checks.add(new Check((i + 1) + " " + scenarios.get(i).name + ", " + column.label(), () -> {
					DebugRegisters test = new DebugRegisters(column);
					for (Named named : scenarios.subList(0, last + 1)) {
						named.scenario.play(test);
					}
					return "";
				}));
			}
		}
		return checks;
	}

	private static List<Named> scenarios() {
		List<Named> all = new ArrayList<>();
		all.add(new Named("INT3 stops with exception 3", DebugRegisters::softwareBreakpoint));
		for (int i = 0; i < BREAKPOINTS; i++) {
			int number = i;
			all.add(new Named("execution breakpoint in DR" + i, in -> in.executionBreakpoint(number)));
		}
		for (int i = 0; i < BREAKPOINTS; i++) {
			int number = i;
			all.add(new Named("write watchpoint in DR" + i, in -> in.writeWatchpoint(number)));
		}
		for (int i = 0; i < LENGTHS.length; i++) {
			int number = i;
			all.add(new Named("step of " + STEPPED_NAMES[i] + " with interrupts blocked", in -> in.step(number)));
		}
		all.add(new Named("general detect", DebugRegisters::generalDetect));
		all.add(new Named("debug off: the rest runs to its end", DebugRegisters::rest));
		return all;
	}

	private VcpuStop run() {
		return guest.guest.run(LONGEST);
	}

	private static GuestDebug hardwareBreakpoint(int number, long linear, long dr7) {
		return new GuestDebug(false, number == 0 ? linear : 0, number == 1 ? linear : 0, number == 2 ? linear : 0,
				number == 3 ? linear : 0, dr7);
	}

	private void softwareBreakpoint() throws CheckFailure {
		cpu.setGuestDebug(SOFTWARE_BREAKPOINTS);
		CheckFailure.same("stop", new VcpuStop.DebugExit(0, 3, FIRST_NOP - 1, DR6_CLEAN), run());
		CheckFailure.same("RIP, at the INT3", FIRST_NOP - 1, guest.rip());
		cpu.write(GuestRegister.RIP, FIRST_NOP);
	}

	private void executionBreakpoint(int i) throws CheckFailure {
		cpu.setGuestDebug(hardwareBreakpoint(i, FIRST_NOP + i, 0x400 | 1 << 2 * i + 1));
		CheckFailure.same("stop", new VcpuStop.DebugExit(0, 1, FIRST_NOP + i, DR6_CLEAN | 1 << i), run());
	}

	private void writeWatchpoint(int i) throws CheckFailure {
		cpu.setGuestDebug(hardwareBreakpoint(i, BareGuest.DATA, 0x400 | 1 << 2 * i + 1 | 0xd0000L << 4 * i));
		CheckFailure.same("stop", new VcpuStop.DebugExit(0, 1, FIRST_STORE + 8 * (i + 1), DR6_CLEAN | 1 << i), run());
	}

	private void step(int i) throws CheckFailure {
		cpu.setGuestDebug(GuestDebug.OFF);
		cpu.setMask(EventMask.INTERRUPTS);
		CheckFailure.same("stop", new VcpuStop.StepDone(0, -1), cpu.step());
		CheckFailure.same("RIP", FIRST_STEPPED + IntStream.of(LENGTHS).limit(i + 1).sum(), guest.rip());
		CheckFailure.same("the interrupt that is never delivered", 0xaa, cpu.pendingEvents().get(0).vector());
		CheckFailure.same("the guest's DR6", DR6_CLEAN, cpu.read(GuestRegister.DR6));
	}

	private void generalDetect() throws CheckFailure {
		cpu.setMask(EventMask.NONE);
		cpu.setGuestDebug(new GuestDebug(false, 0, 0, 0, 0, 0x400 | 1 << 13));
		long mov = FIRST_STEPPED + IntStream.of(LENGTHS).sum();
		CheckFailure.same("stop", new VcpuStop.DebugExit(0, 1, mov, DR6_CLEAN | 1 << 13), run());
	}

	private void rest() throws CheckFailure {
		cpu.setGuestDebug(GuestDebug.OFF);
		CheckFailure.same("stop", new VcpuStop.MachineExit(0, 1), run());
		CheckFailure.same("the guest's DR6", DR6_CLEAN, cpu.read(GuestRegister.DR6));
		CheckFailure.same("the guest's DR7", 0x400, cpu.read(GuestRegister.DR7));
		CheckFailure.same("events that wait, IF being clear", 1, cpu.pendingEvents().size());
	}
}
