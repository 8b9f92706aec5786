/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.List;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionForm.Repetition;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.OperandSpec;

/** The prefixes that are written before the mnemonic: those that neither the mnemonic nor an operand shows. */
@SuppressWarnings("nls")
final class VisiblePrefixes {

	private static final String[] SEGMENTS = { "es", "cs", "ss", "ds" };

	private VisiblePrefixes() {
	}

	/** The names in the order of the encoding, each followed by a space. */
	static String text(Instruction instruction, Syntax syntax) {
		if (instruction.prefixes().isEmpty() && instruction.rex() == 0) {
			return "";
		}
		List<Byte> prefixes = instruction.prefixes();
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < prefixes.size(); i++) {
			int prefix = prefixes.get(i) & 0xff;
			boolean last = lastIndex(prefixes, prefix) == i;
			if (!last || !isConsumed(instruction, prefix, syntax)) {
				text.append(name(instruction, prefix, last)).append(' ');
			}
		}
		if (instruction.rex() != 0 && RexUse.of(instruction, syntax) != instruction.rex()) {
			text.append(rexName(instruction.rex())).append(' ');
		}
		return text.toString();
	}

	/** Segment prefixes count as one kind: the last one is the one in effect. */
	private static int lastIndex(List<Byte> prefixes, int prefix) {
		for (int i = prefixes.size() - 1; i >= 0; i--) {
			int candidate = prefixes.get(i) & 0xff;
			if (candidate == prefix || isSegment(candidate) && isSegment(prefix)) {
				return i;
			}
		}
		return -1;
	}

	private static boolean isSegment(int prefix) {
		return prefix == 0x64 || prefix == 0x65 || (prefix & 0xe7) == 0x26;
	}

	private static boolean isConsumed(Instruction instruction, int prefix, Syntax syntax) {
		return switch (prefix) {
			case 0x66 -> OperandSizeUse.usesPrefix(instruction) || selectsRowBy66(instruction);
			case 0x67 -> AddressSizeUse.usesPrefix(instruction, syntax);
			case 0xf3 -> selectsRow(instruction, InstructionForm.PREFIX_F3);
			case 0xf2 -> selectsRow(instruction, InstructionForm.PREFIX_F2);
			case 0xf0 -> false;
			default -> isSegmentShown(instruction, prefix, syntax);
		};
	}

	/** Binutils takes 66 for a part of the opcode wherever the table of prefixes has a line for it. */
	private static boolean selectsRowBy66(Instruction instruction) {
		if (instruction.opcode() == 0x90) {
			return instruction.mnemonic() != Mnemonic.PAUSE;
		}
		return (instruction.form().prefixes() & InstructionForm.PREFIX_66) != 0
				&& !instruction.prefixes().contains((byte) 0xf3) && !instruction.prefixes().contains((byte) 0xf2);
	}

	private static boolean selectsRow(Instruction instruction, int prefix) {
		InstructionForm form = instruction.form();
		return (form.prefixes() & prefix) != 0 && (form.prefixes() & InstructionForm.NO_PREFIX) == 0;
	}

	private static boolean isSegmentShown(Instruction instruction, int prefix, Syntax syntax) {
		boolean hint = switch (instruction.mnemonic()) {
			case JCC, JCXZ, LOOP, LOOPE, LOOPNE -> !BranchHint.of(instruction, syntax).isEmpty();
			default -> false;
		};
		if (isNoTrack(instruction)) {
			return false;
		}
		return hint || readsImpliedAddress(instruction)
				|| instruction.operands().stream().anyMatch(o -> o instanceof Operand.Mem mem && mem.overridden());
	}

	private static String name(Instruction instruction, int prefix, boolean last) {
		return switch (prefix) {
			case 0x66 -> instruction.codeSize() == CodeSize.CODE16 ? "data32" : "data16";
			case 0x67 -> instruction.codeSize() == CodeSize.CODE32 ? "addr16" : "addr32";
			case 0xf0 -> "lock";
			case 0xf3 -> last ? repeatName(instruction) : "repz";
			case 0xf2 -> last ? repeatNotEqualName(instruction) : "repnz";
			case 0x64 -> "fs";
			case 0x65 -> "gs";
			default -> last && isNoTrack(instruction) ? "notrack" : SEGMENTS[prefix >> 3 & 3];
		};
	}

	private static String repeatName(Instruction instruction) {
		InstructionForm form = instruction.form();
		if (form.repetition() == Repetition.COUNT) {
			return "rep";
		}
		return HardwareLockElision.allowsRelease(instruction) ? "xrelease" : "repz";
	}

	private static String repeatNotEqualName(Instruction instruction) {
		if (HardwareLockElision.allowsAcquire(instruction)) {
			return "xacquire";
		}
		return switch (instruction.mnemonic()) {
			case CALL, JMP, RET, JCC -> "bnd";
			default -> "repnz";
		};
	}

	/** Whether this is an indirect near branch whose DS prefix is NOTRACK; in 64-bit mode 66 rules that out. */
	static boolean isNoTrack(Instruction instruction) {
		List<Byte> prefixes = instruction.prefixes();
		boolean indirect = (instruction.mnemonic() == Mnemonic.CALL || instruction.mnemonic() == Mnemonic.JMP)
				&& !(instruction.operand(0) instanceof Operand.Rel);
		int ds = lastIndex(prefixes, 0x3e);
		return indirect && ds >= 0 && prefixes.get(ds) == 0x3e
				&& !(instruction.codeSize() == CodeSize.CODE64 && prefixes.contains((byte) 0x66));
	}

	/** Whether an operand is at an address that the opcode implies, which is always written with its segment. */
	static boolean hasImpliedAddress(Instruction instruction) {
		return readsImpliedAddress(instruction) || instruction.form().specs().stream()
				.anyMatch(spec -> spec.addressing() == OperandSpec.Addressing.DESTINATION_STRING);
	}

	private static boolean readsImpliedAddress(Instruction instruction) {
		return instruction.form().specs().stream().anyMatch(
				spec -> spec.addressing() == OperandSpec.Addressing.SOURCE_STRING
						|| spec.addressing() == OperandSpec.Addressing.TABLE);
	}

	private static String rexName(int rex) {
		StringBuilder name = new StringBuilder("rex");
		String letters = "WRXB";
		for (int i = 0; i < 4; i++) {
			if ((rex & 8 >> i) != 0) {
				name.append(name.length() == 3 ? "." : "").append(letters.charAt(i));
			}
		}
		return name.toString();
	}
}
