/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.EnumMap;
import java.util.Map;

import org.hyperstep.x86.svm.SvmExitCode;

/** What each exit code means to the hypervisor; a code without a row cannot happen as the intercepts are set. */
final class SvmExits {
	private static final Map<SvmExitCode, Exit.Kind> ROWS = rows();

	private SvmExits() {
	}

	private static Map<SvmExitCode, Exit.Kind> rows() {
		Map<SvmExitCode, Exit.Kind> rows = new EnumMap<>(SvmExitCode.class);
		for (SvmExitCode code : SvmExitCode.values()) {
			rows.put(code, Exit.Kind.UNEXPECTED);
		}
		for (int vector = 0; vector < 32; vector++) {
			rows.put(SvmExitCode.exception(vector), Exit.Kind.EXCEPTION);
		}
		for (int register = 0; register < 16; register++) {
			rows.put(SvmExitCode.of(SvmExitCode.DR0_READ.number() + register), Exit.Kind.DEBUG_REGISTER);
			rows.put(SvmExitCode.of(SvmExitCode.DR0_WRITE.number() + register), Exit.Kind.DEBUG_REGISTER);
		}
		rows.put(SvmExitCode.CR8_READ, Exit.Kind.CONTROL_REGISTER);
		rows.put(SvmExitCode.CR8_WRITE, Exit.Kind.CONTROL_REGISTER);
		rows.put(SvmExitCode.INTR, Exit.Kind.HOST_INTERRUPT);
		rows.put(SvmExitCode.VINTR, Exit.Kind.WINDOW);
		rows.put(SvmExitCode.SHUTDOWN, Exit.Kind.TRIPLE_FAULT);
		rows.put(SvmExitCode.CPUID, Exit.Kind.CPUID);
		rows.put(SvmExitCode.HLT, Exit.Kind.HLT);
		rows.put(SvmExitCode.PAUSE, Exit.Kind.PAUSE);
		rows.put(SvmExitCode.MWAIT, Exit.Kind.MWAIT);
		rows.put(SvmExitCode.IOIO, Exit.Kind.UNEXPECTED);
		rows.put(SvmExitCode.MSR, Exit.Kind.RDMSR);
		rows.put(SvmExitCode.INVD, Exit.Kind.CACHE);
		rows.put(SvmExitCode.WBINVD, Exit.Kind.CACHE);
		rows.put(SvmExitCode.RSM, Exit.Kind.RSM);
		rows.put(SvmExitCode.XSETBV, Exit.Kind.XSETBV);
		rows.put(SvmExitCode.AVIC_INCOMPLETE_IPI, Exit.Kind.APIC_WRITE);
		rows.put(SvmExitCode.AVIC_NOACCEL, Exit.Kind.APIC_ACCESS);
		rows.put(SvmExitCode.NPF, Exit.Kind.SECOND_LEVEL);
		for (SvmExitCode code : new SvmExitCode[] { SvmExitCode.VMRUN, SvmExitCode.VMMCALL, SvmExitCode.VMLOAD,
				SvmExitCode.VMSAVE, SvmExitCode.STGI, SvmExitCode.CLGI, SvmExitCode.SKINIT, SvmExitCode.INVLPGA }) {
			rows.put(code, Exit.Kind.UNDEFINED_INSTRUCTION);
		}
		return rows;
	}

	/** What the code means; MSR and AVIC_NOACCEL are told apart by what else the exit says. */
	static Exit.Kind kind(SvmExitCode code) {
		return ROWS.get(code);
	}

	static String name(long number) {
		return SvmExitCode.of(number).name();
	}
}
