/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;

/** The names of vector instructions that an operand size or an immediate takes part in. */
@SuppressWarnings("nls")
final class VectorNames {

	private static final String[] PREDICATES = { "eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord", "eq_uq",
			"nge", "ngt", "false", "neq_oq", "ge", "gt", "true", "eq_os", "lt_oq", "le_oq", "unord_s", "neq_us",
			"nlt_uq",
			"nle_uq", "ord_s", "eq_us", "nge_uq", "ngt_uq", "false_os", "neq_os", "ge_oq", "gt_oq", "true_us" };
	/** How many of the predicates there are without VEX. */
	private static final int LEGACY_PREDICATES = 8;

	private VectorNames() {
	}

	/** The written name, which is the manual's for all instructions that have but one. */
	static String of(Instruction instruction) {
		return switch (instruction.mnemonic()) {
			case MOVD, PEXTRD, PINSRD, VMOVD, VPEXTRD, VPINSRD -> quadwordNamed(instruction);
			case PCMPESTRI, PCMPESTRM, VPCMPESTRI, VPCMPESTRM ->
				instruction.mnemonic().text() + (instruction.operandSize() == 64 ? "q" : "");
			case CMPPS, CMPPD, CMPSS, CMPSD, VCMPPS, VCMPPD, VCMPSS, VCMPSD -> comparison(instruction);
			case PCLMULQDQ, VPCLMULQDQ -> carryLess(instruction);
			default -> instruction.mnemonic().text();
		};
	}

	/** The names that end in Q with an operand size of 64. */
	private static String quadwordNamed(Instruction instruction) {
		String name = instruction.mnemonic().text();
		return instruction.operandSize() == 64 ? name.substring(0, name.length() - 1) + "q" : name;
	}

	private static String comparison(Instruction instruction) {
		String name = instruction.mnemonic().text();
		int predicate = namedPredicate(instruction);
		int end = name.length() - 2;
		return predicate < 0 ? name : name.substring(0, end) + PREDICATES[predicate] + name.substring(end);
	}

	private static String carryLess(Instruction instruction) {
		int selected = namedPredicate(instruction);
		String name = instruction.mnemonic().text();
		String first = (selected & 1) == 0 ? "lq" : "hq";
		String second = (selected & 0x10) == 0 ? "lq" : "hq";
		return selected < 0 ? name : name.substring(0, name.length() - 3) + first + second + "dq";
	}

	/** The immediate that the mnemonic stands for instead of an operand, or -1. */
	static int namedPredicate(Instruction instruction) {
		int last = instruction.operands().size() - 1;
		if (last < 0 || !(instruction.operand(last) instanceof Operand.Imm imm)) {
			return -1;
		}
		int value = (int) imm.value();
		return switch (instruction.mnemonic()) {
			case CMPPS, CMPPD, CMPSS, CMPSD -> value < LEGACY_PREDICATES ? value : -1;
			case VCMPPS, VCMPPD, VCMPSS, VCMPSD -> value < PREDICATES.length ? value : -1;
			case PCLMULQDQ, VPCLMULQDQ -> (value & ~0x11) == 0 ? value : -1;
			default -> -1;
		};
	}
}
