/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/** The debug exception and its registers (Intel SDM, "Debug Registers", "Debug Exceptions"; AMD APM, "Debug Features"). */
@SuppressWarnings("nls")
final class DebugExceptionRules {
	/** PUSH 102h; POPFQ. */
	private static final String SET_TF = "6802010000 9d";
	private static final String OUT = "e680", UD2 = "0f0b", NOP = "90", CPUID = "0fa2";
	/** MOV [200000h], EAX. */
	private static final String STORE = "890425 00002000";
	/** MOV EAX, 200000h; MOV DR0, RAX; MOV EAX, D0402h; MOV DR7, RAX: writes, 4 bytes. */
	private static final String WATCH = "b800002000 0f23c0 b802040d00 0f23f8";
	/** LEA RAX, [RIP+8]; MOV DR0, RAX; MOV EAX, 402h; MOV DR7, RAX: the address of the code's first byte. */
	private static final String BREAK = "488d050b000000 0f23c0 b802040000 0f23f8";
	/** MOV RAX, CR4; OR AL, 8; MOV CR4, RAX. */
	private static final String DEBUG_EXTENSIONS = "0f20e0 0c08 0f22e0";
	/** MOV EAX, 80h; MOV DR0, RAX; MOV EAX, 20402h; MOV DR7, RAX: port 80h, 1 byte. */
	private static final String WATCH_PORT = "b880000000 0f23c0 b802040200 0f23f8";
	/** MOV EAX, 2400h; MOV DR7, RAX. */
	private static final String GENERAL_DETECT = "b800240000 0f23f8";
	/** MOV ECX, 3; MOV EDI, 200100h. */
	private static final String THREE = "b903000000 bf00012000";
	private static final String REP_STOSB = "f3aa";
	/** MOV RAX, DR0; MOV RAX, DR6; MOV RBX, DR4. */
	private static final String READ_DR0 = "0f21c0", READ_DR6 = "0f21f0", READ_DR4 = "0f21e3";
	private static final long DR7_AFTER_RESET = 0x400;

	private DebugExceptionRules() {
	}

	static List<Check> checks() {
		Map<String, RuleGuest.Proof> rules = new LinkedHashMap<>();
		rules.put("BS is carried across an exit in the pending debug exceptions", DebugExceptionRules::bsAcrossExit);
		rules.put("B0 is carried across an exit in the pending debug exceptions", DebugExceptionRules::b0AcrossExit);
		rules.put("a host interrupt is taken before the guest's first instruction", DebugExceptionRules::hostInterrupt);
		rules.put("an execution breakpoint faults before its instruction", DebugExceptionRules::execution);
		rules.put("RF suppresses an execution breakpoint for one instruction", DebugExceptionRules::resumeFlag);
		rules.put("a data breakpoint traps after its instruction", DebugExceptionRules::data);
		rules.put("an I/O breakpoint traps after its instruction", DebugExceptionRules::port);
		rules.put("RF is set in the image that a fault pushes", DebugExceptionRules::resumeFlagInImage);
		rules.put("RF is clear in the image that a debug trap pushes", DebugExceptionRules::resumeFlagOfTrap);
		rules.put("general detect faults on MOV DR and clears GD on delivery", DebugExceptionRules::generalDetect);
		rules.put("DR4 is DR6 while CR4.DE is clear", DebugExceptionRules::alias);
		rules.put("DR4 raises #UD while CR4.DE is set", DebugExceptionRules::noAlias);
		rules.put("the guest's single-step traps between iterations of REP", DebugExceptionRules::repTraps);
		rules.put("a debugger's step stops after each iteration of REP", DebugExceptionRules::repSteps);
		rules.put("DR6's reserved bits read as ones", DebugExceptionRules::reservedBits);
		rules.put("hardware does not clear BS in DR6", DebugExceptionRules::accumulates);
		rules.put("a debugger's step leaves DR6 and DR7 alone", DebugExceptionRules::untouched);
		return RuleGuest.checks(rules);
	}

	private static void bsAcrossExit(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, SET_TF + OUT + NOP);
		rule.guestTrapFlag = true;
		rule.runInto(RuleGuest.DB, 8);
		rule.dr6Is(RuleGuest.BS);
	}

	private static void b0AcrossExit(StepCase column) throws CheckFailure {
		// MOV EDX, 80h; MOV ESI, 200000h; OUTSB, which reads what DR0 watches for reads and writes.
		RuleGuest rule = new RuleGuest(column, "b800002000 0f23c0 b802040f00 0f23f8 ba80000000 be00002000",
				"6e" + NOP);
		rule.runInto(RuleGuest.DB, 1);
		rule.dr6Is(RuleGuest.B0);
	}

	private static void hostInterrupt(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, NOP + NOP);
		long before = rule.guest.cpu.retired();
		rule.guest.guest.interrupt();
		CheckFailure.same("stop", new VcpuStop.SliceOver(0), rule.guest.guest.run(1000));
		CheckFailure.same("instructions retired", before, rule.guest.cpu.retired());
	}

	private static void execution(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, BREAK, NOP + NOP);
		rule.runInto(RuleGuest.DB, 0);
		rule.dr6Is(RuleGuest.B0);
	}

	/** The image that an instruction breakpoint pushes has RF clear: the handler sets it. OR DWORD PTR [RSP+10h], 10000h. */
	private static void resumeFlag(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, BREAK, NOP + UD2);
		rule.guest.put(BareGuest.handler(RuleGuest.DB), "814c241000000100 48cf");
		rule.runInto(RuleGuest.DB, 0);
		CheckFailure.same("RF in the pushed RFLAGS", 0, rule.guest.stacked(2) & RuleGuest.RF);
		rule.runInto(RuleGuest.UD, 1);
	}

	private static void data(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, WATCH, STORE + NOP);
		rule.runInto(RuleGuest.DB, 7);
		rule.dr6Is(RuleGuest.B0);
	}

	private static void port(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, DEBUG_EXTENSIONS + WATCH_PORT, OUT + NOP);
		rule.runInto(RuleGuest.DB, 2);
		rule.dr6Is(RuleGuest.B0);
	}

	private static void resumeFlagInImage(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, UD2);
		rule.runInto(RuleGuest.UD, 0);
		CheckFailure.same("RF in the pushed RFLAGS", RuleGuest.RF, rule.guest.stacked(2) & RuleGuest.RF);
	}

	private static void resumeFlagOfTrap(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, WATCH, STORE + NOP);
		rule.runInto(RuleGuest.DB, 7);
		CheckFailure.same("RF in the pushed RFLAGS", 0, rule.guest.stacked(2) & RuleGuest.RF);
	}

	private static void generalDetect(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, GENERAL_DETECT, READ_DR0 + UD2);
		rule.runInto(RuleGuest.DB, 0);
		rule.dr6Is(RuleGuest.BD);
		CheckFailure.same("DR7", DR7_AFTER_RESET, rule.guest.cpu.read(GuestRegister.DR7));
		rule.runInto(RuleGuest.UD, 3);
	}

	private static void alias(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, READ_DR4 + NOP);
		rule.step(3);
		CheckFailure.same("what DR4 reads", rule.guest.cpu.read(GuestRegister.DR6),
				rule.guest.cpu.read(GuestRegister.RBX));
	}

	private static void noAlias(StepCase column) throws CheckFailure {
		new RuleGuest(column, DEBUG_EXTENSIONS, READ_DR4).runInto(RuleGuest.UD, 0);
	}

	private static void repTraps(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, THREE, SET_TF + REP_STOSB + NOP);
		rule.guestTrapFlag = true;
		for (int left = 2; left >= 0; left--) {
			rule.runInto(RuleGuest.DB, left > 0 ? 6 : 8);
			CheckFailure.same("RCX", left, rule.rcx());
		}
	}

	private static void repSteps(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, THREE, REP_STOSB + NOP);
		for (int left = 2; left >= 0; left--) {
			rule.step(left > 0 ? 0 : 2);
			CheckFailure.same("RCX", left, rule.rcx());
		}
	}

	private static void reservedBits(StepCase column) throws CheckFailure {
		// XOR EAX, EAX; MOV DR6, RAX; MOV RBX, DR6
		RuleGuest rule = new RuleGuest(column, "31c0 0f23f0", "0f21f3" + NOP);
		rule.step(3);
		CheckFailure.same("DR6", 0xffff0ff0L, rule.guest.cpu.read(GuestRegister.RBX));
	}

	private static void accumulates(StepCase column) throws CheckFailure {
		// MOV EAX, 4000h; MOV DR6, RAX: BS is left from before
		RuleGuest rule = new RuleGuest(column, "b800400000 0f23f0" + WATCH, STORE + NOP);
		rule.runInto(RuleGuest.DB, 7);
		rule.dr6Is(RuleGuest.B0 | RuleGuest.BS);
	}

	private static void untouched(StepCase column) throws CheckFailure {
		// MOV EAX, 1: DR6 with B0 from before; nothing watched
		RuleGuest rule = new RuleGuest(column, "b801000000 0f23f0", NOP + READ_DR6 + NOP + CPUID);
		rule.step(1);
		rule.step(4);
		CheckFailure.same("what the guest reads of DR6", 0xffff0ff1L, rule.guest.cpu.read(GuestRegister.RAX));
		rule.step(5);
		rule.step(7);
		rule.dr6Is(RuleGuest.B0);
		CheckFailure.same("DR7", DR7_AFTER_RESET, rule.guest.cpu.read(GuestRegister.DR7));
	}
}
