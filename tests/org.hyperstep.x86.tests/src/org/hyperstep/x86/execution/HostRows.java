/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionForm.Mod;
import org.hyperstep.x86.decode.InstructionTable;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.meaning.Meanings;

/** Which rows of the instruction table are compared with the host, and why the others are not. */
@SuppressWarnings("nls")
final class HostRows {
	/** Reason, then mnemonics; one line each. */
	private static final String LEFT_OUT = """
			its result is the processor's own: CPUID RDTSC RDTSCP RDPMC RDRAND RDSEED RDPID XGETBV RDPRU
			an operating system sees to it: SYSCALL SYSRET SYSENTER SYSEXIT INT INT3 INT1 INTO
			its descriptors are the operating system's: MOV_SREG PUSH_SREG POP_SREG LDS LES LSS LFS LGS \
			CALL_FAR JMP_FAR RET_FAR IRET LAR LSL VERR VERW ARPL
			the operating system emulates it or keeps it from user mode: SGDT SIDT SLDT STR SMSW RDFSBASE RDGSBASE \
			WRFSBASE WRGSBASE RDPKRU WRPKRU
			its image in memory has the addresses of earlier instructions: FNSTENV FNSAVE FLDENV FRSTOR FXSAVE FXRSTOR \
			XSAVE XRSTOR XSAVEOPT XSAVEC XSAVES XRSTORS
			virtualization is not in reach of user mode: VMCALL VMLAUNCH VMRESUME VMXOFF VMXON VMPTRLD VMPTRST VMCLEAR \
			VMREAD VMWRITE INVEPT INVVPID VMFUNC VMRUN VMMCALL VMLOAD VMSAVE STGI CLGI SKINIT INVLPGA
			its use by user mode is a matter of control registers and of the model: MONITOR MWAIT MONITORX MWAITX CLAC STAC \
			INVPCID RSM CLZERO
			it has many addresses and a test of its own: VPGATHERDD VPGATHERDQ VPGATHERQD VPGATHERQQ VGATHERDPS VGATHERDPD \
			VGATHERQPS VGATHERQPD
			the manuals bound its error and it has a test of its own: F2XM1 FYL2X FYL2XP1 FPTAN FPATAN FSIN FCOS FSINCOS \
			RCPPS RCPSS RSQRTPS RSQRTSS VRCPPS VRCPSS VRSQRTPS VRSQRTSS
			the manuals do not say what the 80287's instruction does to later processors: FRSTPM
			""";
	private static final Map<Mnemonic, String> REASONS = reasons();
	private static final Set<Mnemonic> EXECUTED = Meanings.defined();

	private HostRows() {
	}

	private static Map<Mnemonic, String> reasons() {
		Map<Mnemonic, String> reasons = new EnumMap<>(Mnemonic.class);
		for (String line : LEFT_OUT.strip().split("\n")) {
			int colon = line.indexOf(": ");
			for (String name : line.substring(colon + 2).split("\\s+")) {
				reasons.put(Mnemonic.valueOf(name), line.substring(0, colon));
			}
		}
		return reasons;
	}

	/** Why a row has no cases; empty if it has. */
	private static String reason(InstructionForm form) {
		if (form.opcode() == 0x0f0d && form.mod() == Mod.REGISTER) {
			return "it is a hint to Intel's processors and undefined to AMD's";
		}
		return REASONS.getOrDefault(form.mnemonic(),
				EXECUTED.contains(form.mnemonic()) ? "" : "it is decoded but not executed");
	}

	/** The rows that have cases. */
	static List<InstructionForm> compared() {
		List<InstructionForm> rows = new ArrayList<>();
		for (InstructionForm form : InstructionTable.forms()) {
			if (reason(form).isEmpty()) {
				rows.add(form);
			}
		}
		return rows;
	}

	/** Reasons with the number of rows that each keeps from having cases. */
	static Map<String, Integer> leftOut() {
		Map<String, Integer> counts = new TreeMap<>();
		for (InstructionForm form : InstructionTable.forms()) {
			String reason = reason(form);
			if (!reason.isEmpty()) {
				counts.merge(reason, 1, Integer::sum);
			}
		}
		return counts;
	}

	static boolean isBranch(Mnemonic mnemonic) {
		return switch (mnemonic) {
			case JMP, CALL, RET, JCC, JCXZ, LOOP, LOOPE, LOOPNE -> true;
			default -> false;
		};
	}

	static boolean isX87(Mnemonic mnemonic) {
		return mnemonic.name().startsWith("F") && !mnemonic.name().startsWith("FXS")
				&& !mnemonic.name().startsWith("FXR");
	}

	/** Whether both processors can be asked: no operand depends on the thread, and no prefix is the vendors' own. */
	static boolean isComparable(Instruction i) {
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Mem mem && (mem.segment() == Register.FS || mem.segment() == Register.GS)) {
				return false;
			}
		}
		if (isBranch(i.mnemonic()) && i.prefixes().stream().anyMatch(prefix -> prefix == 0x66 || prefix == 0x67)) {
			// Operand size 16 truncates RIP on AMD's processors alone.
			return false;
		}
		// What 66 makes of instructions whose manual's page says NP is not said for all of them.
		if (i.mnemonic() == Mnemonic.XSETBV && !i.prefixes().isEmpty()) {
			return false;
		}
		// VEX.W outside 64-bit mode: ignored by Intel's processors, undefined to AMD's.
		return i.codeSize() == CodeSize.CODE64 || i.mnemonic() != Mnemonic.VPINSRD && i.mnemonic() != Mnemonic.VPEXTRD;
	}
}
