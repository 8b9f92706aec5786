/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.hypervisor.PendingEvent.Blocked;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;

/**
 * What holds events off and for how long (Intel SDM, "Masking Exceptions and Interrupts When Switching Stacks", "STI", "Event
 * Blocking"; AMD APM, "Interrupt Shadows"), and where a step ends.
 */
@SuppressWarnings("nls")
final class ShadowRules {
	/** STI; NOP; MOV AX, SS. */
	private static final String ENABLED = "fb 90 8cd0";
	/** MOV SS, AX; MOV SS, [200000h], where a breakpoint watches. */
	private static final String MOV_SS = "8ed0", MOV_WATCHED_SS = "8e142500002000";
	/** MOV EAX, 200000h; MOV DR0, RAX; MOV EAX, F0402h; MOV DR7, RAX: read and write, 4 bytes. */
	private static final String WATCH = "b800002000 0f23c0 b802040f00 0f23f8";
	private static final String NOP = "90", STI = "fb", HLT = "f4", ICEBP = "f1", INT = "cd80", UD2 = "0f0b",
			/** PUSH 102h; POPFQ. */
			SET_TF = "6802010000 9d";

	private ShadowRules() {
	}

	static List<Check> checks() {
		Map<String, RuleGuest.Proof> rules = new LinkedHashMap<>();
		rules.put("MOV SS holds off an interrupt for one instruction", ShadowRules::movSsInterrupt);
		rules.put("MOV SS holds off a debug trap for one instruction", ShadowRules::movSsTrap);
		rules.put("the second of MOV SS; MOV SS holds off nothing more", ShadowRules::movSsTwice);
		rules.put("STI holds off an interrupt for one instruction", ShadowRules::stiInterrupt);
		rules.put("STI holds off nothing if IF was set", ShadowRules::stiWithFlagSet);
		rules.put("the second of STI; STI does not extend the shadow", ShadowRules::stiTwice);
		rules.put("STI does not hold off a debug trap", ShadowRules::stiTrap);
		rules.put("ICEBP under MOV SS blocking gives one #DB", ShadowRules::icebpUnderMovSs);
		rules.put("INT n under MOV SS blocking gives its own event and then the pending #DB",
				ShadowRules::softwareInterruptUnderMovSs);
		rules.put("STI; HLT wakes for what was pending", ShadowRules::stiHlt);
		rules.put("MOV SS; HLT wakes for what was pending", ShadowRules::movSsHlt);
		rules.put("HLT with everything masked is told as such, and wakes when unmasked", ShadowRules::maskedHlt);
		rules.put("a step over an instruction ends behind it", ShadowRules::stepInstruction);
		rules.put("a step with a deliverable event ends at the handler's first instruction", ShadowRules::stepEvent);
		rules.put("a step over a faulting instruction ends at the fault's handler", ShadowRules::stepFault);
		rules.put("a step over ICEBP ends at the #DB handler", ShadowRules::stepIcebp);
		rules.put("an interrupt is delivered at once where nothing holds it off", ShadowRules::windowAtOnce);
		rules.put("an interrupt is delivered one instruction late under a shadow", ShadowRules::windowUnderShadow);
		return RuleGuest.checks(rules);
	}

	private static void movSsInterrupt(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, MOV_SS + NOP + NOP);
		rule.step(2);
		rule.raise();
		rule.waitsFor(Blocked.MOV_SS_SHADOW);
		rule.step(3);
		rule.waitsFor(Blocked.DELIVERABLE);
		rule.stepInto(RuleGuest.RAISED, 3);
	}

	private static void movSsTrap(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, WATCH, MOV_WATCHED_SS + NOP + NOP);
		rule.runInto(RuleGuest.DB, 8);
		rule.dr6Is(RuleGuest.B0);
	}

	private static void movSsTwice(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, MOV_SS + MOV_SS + NOP);
		rule.step(2);
		rule.raise();
		rule.step(4);
		rule.stepInto(RuleGuest.RAISED, 4);
	}

	private static void stiInterrupt(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, STI + NOP + NOP);
		rule.raise();
		rule.waitsFor(Blocked.INTERRUPT_FLAG_CLEAR);
		rule.step(1);
		rule.waitsFor(Blocked.STI_SHADOW);
		rule.step(2);
		rule.stepInto(RuleGuest.RAISED, 2);
	}

	private static void stiWithFlagSet(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, STI + NOP);
		rule.step(1);
		rule.raise();
		rule.waitsFor(Blocked.DELIVERABLE);
		rule.stepInto(RuleGuest.RAISED, 1);
	}

	private static void stiTwice(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, STI + STI + NOP);
		rule.raise();
		rule.step(1);
		rule.step(2);
		rule.stepInto(RuleGuest.RAISED, 2);
	}

	private static void stiTrap(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, SET_TF + STI + NOP);
		rule.guestTrapFlag = true;
		rule.runInto(RuleGuest.DB, 7);
		rule.dr6Is(RuleGuest.BS);
	}

	/** The handler returns behind ICEBP; a second #DB would come before the next handler, that of UD2. */
	private static void icebpUnderMovSs(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, WATCH, MOV_WATCHED_SS + ICEBP + UD2);
		rule.guest.put(BareGuest.handler(RuleGuest.DB), "48ff042508002000 48cf");
		rule.runInto(RuleGuest.UD, 8);
		CheckFailure.same("debug exceptions", 1, rule.guest.machine.physicalMemory().read(BareGuest.DATA + 8, 8));
	}

	private static void softwareInterruptUnderMovSs(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, WATCH, MOV_WATCHED_SS + INT + NOP);
		rule.runIntoFrom(RuleGuest.DB, BareGuest.handler(RuleGuest.SOFTWARE));
		rule.dr6Is(RuleGuest.B0);
	}

	private static void stiHlt(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, STI + HLT + NOP);
		rule.raise();
		rule.runInto(RuleGuest.RAISED, 2);
	}

	private static void movSsHlt(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, MOV_SS + HLT + NOP);
		rule.step(2);
		rule.raise();
		rule.runInto(RuleGuest.RAISED, 3);
	}

	private static void maskedHlt(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, HLT + NOP);
		rule.guest.cpu.setMask(EventMask.ALL);
		rule.raise();
		rule.step(1);
		CheckFailure.same("step of a halted CPU", new VcpuStop.Halted(0, 1), rule.guest.cpu.step());
		rule.guest.cpu.setMask(EventMask.NONE);
		rule.runInto(RuleGuest.RAISED, 1);
	}

	private static void stepInstruction(StepCase column) throws CheckFailure {
		new RuleGuest(column, NOP + NOP).step(1);
	}

	private static void stepEvent(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, NOP);
		rule.raise();
		rule.stepInto(RuleGuest.RAISED, 0);
	}

	private static void stepFault(StepCase column) throws CheckFailure {
		new RuleGuest(column, UD2).stepInto(RuleGuest.UD, 0);
	}

	private static void stepIcebp(StepCase column) throws CheckFailure {
		new RuleGuest(column, ICEBP).stepInto(RuleGuest.DB, 1);
	}

	private static void windowAtOnce(StepCase column) throws CheckFailure {
		RuleGuest rule = new RuleGuest(column, ENABLED, NOP + NOP);
		rule.raise();
		rule.runInto(RuleGuest.RAISED, 0);
	}

	private static void windowUnderShadow(StepCase column) throws CheckFailure {
		RuleGuest sti = new RuleGuest(column, STI + NOP + NOP);
		sti.raise();
		sti.runInto(RuleGuest.RAISED, 2);
		RuleGuest movSs = new RuleGuest(column, ENABLED, MOV_SS + NOP + NOP);
		movSs.step(2);
		movSs.raise();
		movSs.runInto(RuleGuest.RAISED, 3);
	}
}
