/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.GuestHypervisorFixture.*;
import static org.hyperstep.x86.svm.SvmExitCode.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.VmExit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The exit codes of AMD APM volume 2, appendix "SVM Intercept Exit Codes": each is reached by the code of its row, is
 * tested elsewhere, or cannot occur, for the reason that is given.
 */
@SuppressWarnings("nls")
class ExitCodesTest {
	/** Code of the guest that exits at its last instruction with the intercept set. */
	private static final Map<SvmExitCode, String> REACHED = reached();
	/** Tested by the classes beside this one, because they need more than one instruction. */
	private static final Set<SvmExitCode> ELSEWHERE = EnumSet.of(INTR, NMI, SMI, INIT, TASK_SWITCH, VINTR,
			CR0_SEL_WRITE, IOIO, MSR,
			SHUTDOWN, NPF, AVIC_INCOMPLETE_IPI, AVIC_NOACCEL, INVALID, SvmExitCode.VMRUN);

	private static Map<SvmExitCode, String> reached() {
		Map<SvmExitCode, String> rows = new EnumMap<>(SvmExitCode.class);
		for (int register : new int[] { 0, 2, 3, 4, 8 }) {
			String modrm = String.format("%02x", 0xc0 | (register & 7) << 3);
			String prefix = register == 8 ? "44" : "";
			rows.put(SvmExitCode.of(CR0_READ.number() + register), prefix + "0f20" + modrm);
			rows.put(SvmExitCode.of(CR0_WRITE.number() + register), prefix + "0f22" + modrm);
		}
		for (int register = 0; register < 8; register++) {
			String modrm = String.format("%02x", 0xc0 | register << 3);
			rows.put(SvmExitCode.of(DR0_READ.number() + register), "0f21" + modrm);
			rows.put(SvmExitCode.of(DR0_WRITE.number() + register), "0f23" + modrm);
		}
		rows.put(EXCP0, "31c9 f7f1");
		rows.put(EXCP1, "9c 810c2400010000 9d 90");
		rows.put(EXCP3, "cc");
		rows.put(EXCP6, "0f0b");
		rows.put(EXCP7, "0f20c0 83c80a 0f22c0 d9e8");
		// A LIDT with limit 0, UD2
		rows.put(EXCP8, "0f011c2500000300 0f0b");
		// A data segment that is not present, in DS and in SS
		rows.put(EXCP11, "48b8ffff00000013cf00 4889042528100000 b828000000 8ed8");
		rows.put(EXCP12, "48b8ffff00000013cf00 4889042528100000 b828000000 8ed0");
		// FNINIT; FLDCW of 0; FLDZ; FLD1; FDIV; FWAIT
		rows.put(EXCP16, "dbe3 6a00 d92c24 d9ee d9e8 d8f1 9b");
		// FNINIT; FLDCW of 0; 1 / 0; CR0.NE = 0; FWAIT
		rows.put(FERR_FREEZE, "dbe3 6a00 d92c24 d9ee d9e8 d8f1 0f20c0 24df 0f22c0 9b");
		// CR4.OSFXSR and OSXMMEXCPT; LDMXCSR of 0; 0 / 0
		rows.put(EXCP19, "0f20e0 0d00060000 0f22e0 6a00 0fae1424 0f57c0 f30f5ec0");
		rows.put(EXCP13, "b9ffffff0f 0f32");
		rows.put(EXCP14, "a10000002000000000");
		rows.put(IDTR_READ, "0f010c2400100000");
		rows.put(GDTR_READ, "0f01042400100000");
		rows.put(LDTR_READ, "0f00c0");
		rows.put(TR_READ, "0f00c8");
		rows.put(IDTR_WRITE, "0f011c2400100000");
		rows.put(GDTR_WRITE, "0f01142400100000");
		rows.put(LDTR_WRITE, "31c0 0f00d0");
		rows.put(TR_WRITE, "31c0 0f00d8");
		rows.put(RDTSC, "0f31");
		rows.put(RDPMC, "31c9 0f33");
		rows.put(PUSHF, "9c");
		rows.put(POPF, "6a02 9d");
		rows.put(CPUID, "0fa2");
		rows.put(RSM, "0faa");
		rows.put(IRET, "48cf");
		rows.put(SWINT, "cd80");
		rows.put(INVD, "0f08");
		rows.put(PAUSE, "f390");
		rows.put(SvmExitCode.HLT, "f4");
		rows.put(INVLPG, "0f0138");
		rows.put(INVLPGA, "0f01df");
		rows.put(VMMCALL, "0f01d9");
		rows.put(VMLOAD, "b800000500 0f01da");
		rows.put(VMSAVE, "b800000500 0f01db");
		rows.put(STGI, "0f01dc");
		rows.put(CLGI, "0f01dd");
		rows.put(RDTSCP, "0f01f9");
		rows.put(ICEBP, "f1");
		rows.put(WBINVD, "0f09");
		return rows;
	}

	/** Why a code cannot occur here, or nothing. */
	private static String reason(SvmExitCode code) {
		int number = code.number();
		return switch (code) {
			case CR1_READ, CR5_READ, CR6_READ, CR7_READ, CR1_WRITE, CR5_WRITE, CR6_WRITE, CR7_WRITE ->
				"there is no such register: MOV raises #UD, which comes before intercepts";
			case EXCP4, EXCP5 -> "INTO and BOUND do not exist in 64-bit mode; the row is that of all exceptions";
			case EXCP10 -> "64-bit code switches no tasks; the row is that of all exceptions";
			case EXCP17 -> "alignment is checked in ring 3; the row is that of all exceptions";
			case EXCP2 -> "NMIs have an intercept of their own";
			case EXCP9, EXCP15, EXCP18, EXCP20, EXCP21, EXCP22, EXCP23, EXCP24, EXCP25, EXCP26, EXCP27, EXCP28, EXCP29,
					EXCP30, EXCP31 ->
				"the processor does not raise this exception";
			case SKINIT -> "SKINIT is not offered and raises #UD";
			case MONITOR, MWAIT, MWAIT_CONDITIONAL, XSETBV, INVPCID ->
				"the feature depends on the model: tested with it";
			case RDPRU, INVLPGB, INVLPGB_ILLEGAL, MCOMMIT, TLBSYNC, BUSLOCK, IDLE_HLT -> "the feature is not offered";
			case VMGEXIT, BUSY -> "guests with encrypted state are not offered";
			default -> number >= CR9_READ.number() && number <= CR15_READ.number()
					|| number >= CR9_WRITE.number() && number <= CR15_WRITE.number()
					|| number >= DR8_READ.number() && number <= DR15_READ.number()
					|| number >= DR8_WRITE.number() && number <= DR15_WRITE.number()
							? "there is no such register: MOV raises #UD, which comes before intercepts"
							: number >= EFER_WRITE_TRAP.number() && number <= CR15_WRITE_TRAP.number()
									? "write traps belong to guests with encrypted state, which are not offered"
									: "";
		};
	}

	@TestFactory
	Stream<DynamicTest> interceptExitsWithItsCodeAtTheInstruction() {
		return REACHED.entrySet().stream().map(row -> DynamicTest.dynamicTest(row.getKey().name(),
				() -> exits(row.getKey(), row.getValue())));
	}

	private static void exits(SvmExitCode code, String instructions) {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, instructions).intercept(code);
		host.runToHalt();
		assertEquals(code, host.exitCode());
		// What the guest would go on with, where RIP is that of the instruction.
		long length = instructions.replace(" ", "").length() / 2;
		boolean trap = code == EXCP1;
		assertTrue(trap ? host.innerOffset() > 0 : host.innerOffset() < length, () -> "offset " + host.innerOffset());
		assertEquals(0, host.state.rflags & CpuState.VM);
	}

	/** The guest of the guest hypervisor halts, and the software below has the processor. */
	private static GuestHypervisorFixture halted(SvmExitCode intercept) {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "f4").below().intercept(intercept);
		host.vmcb.intercept(SvmExitCode.HLT, false);
		host.runBelow(SvmExitCode.HLT);
		return host;
	}

	@Test
	void systemManagementInterruptThatIsInterceptedStaysRequested() {
		GuestHypervisorFixture host = halted(SMI);
		assertTrue(host.processor.contexts().smi());
		host.readVmcb();
		assertEquals(SMI, host.exitCode());
	}

	@Test
	void initThatIsInterceptedStaysRequested() {
		GuestHypervisorFixture host = halted(INIT);
		assertTrue(host.processor.contexts().init());
		assertFalse(host.processor.contexts().acknowledgesInit());
		host.readVmcb();
		assertEquals(INIT, host.exitCode());
	}

	@Test
	void taskSwitchTellsSelectorAndCause() {
		GuestHypervisorFixture host = halted(TASK_SWITCH);
		int jump = 2;
		assertThrows(VmExit.class, () -> host.processor.contexts().top().taskSwitch(0x28, jump));
		host.processor.contexts().leave();
		host.readVmcb();
		assertEquals(TASK_SWITCH, host.exitCode());
		assertEquals(0x28, host.vmcb.read(VmcbField.EXITINFO1));
		assertEquals(1L << 38, host.vmcb.read(VmcbField.EXITINFO2));
	}

	@Test
	void everyCodeIsReachedOrSaysWhyNot() {
		for (SvmExitCode code : SvmExitCode.values()) {
			int places = (REACHED.containsKey(code) ? 1 : 0) + (ELSEWHERE.contains(code) ? 1 : 0)
					+ (reason(code).isEmpty() ? 0 : 1);
			assertEquals(1, places, code.name());
		}
	}
}
