/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;

/** Known divergences of objdump from the manuals, or of its spelling from ours, each with its reason. */
@SuppressWarnings("nls")
enum ObjdumpDivergence {

	/** "LOCK—Assert LOCK# Signal Prefix": #UD with other instructions; objdump checks nothing. */
	LOCK_NOT_ALLOWED {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.legality() == Legality.UNDEFINED && isLegalWithoutLock(bytes, ours.codeSize())
					&& answer.text().contains("lock");
		}
	},
	/** "REX Prefixes": a REX prefix that is not the last one is ignored; objdump makes it an instruction of its own. */
	REX_BEFORE_LEGACY_PREFIX {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return answer.text().matches("([a-z0-9]+ )*rex(\\.[WRXB]+)?") && answer.length() < ours.length();
		}
	},
	/** SALC is in AMD's opcode map only as reserved, and executed by all processors; objdump does not know it. */
	SALC_UNKNOWN {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.mnemonic() == Mnemonic.SALC;
		}
	},
	/** "WAIT/FWAIT—Wait": an instruction; to objdump a prefix of what follows. */
	WAIT_IS_A_PREFIX {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.mnemonic() == Mnemonic.FWAIT;
		}
	},
	/** Without MPX and CET their opcodes are NOPs ("NOP—No Operation"); objdump shows the extensions' names. */
	HINT_NOP_OF_AN_EXTENSION {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.mnemonic() == Mnemonic.NOP && (ours.opcode() == 0x0f1a || ours.opcode() == 0x0f1b
					|| ours.opcode() == 0x0f1e || ours.opcode() == 0x0f1c || ours.opcode() == 0x0f18);
		}
	},
	/** "PREFETCHW—Prefetch Data into Caches in Anticipation of a Write": with a register a NOP; objdump says (bad). */
	PREFETCH_OF_A_REGISTER {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.opcode() == 0x0f0d && ours.modRm() >= 0xc0;
		}
	},
	/**
	 * F3 before 90 makes PAUSE of NOP; with REX.B the instruction is XCHG of R8, and processors exchange, F3 or not; to
	 * objdump it is PAUSE.
	 */
	PAUSE_WITH_REX_B {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.mnemonic() == Mnemonic.XCHG && (ours.rex() & 1) != 0 && ours.length() == answer.length()
					&& answer.text().endsWith("pause");
		}
	},
	/** "LFENCE", "MFENCE", "SFENCE": the processor ignores the r/m field; objdump wants 0. */
	FENCE_WITH_RM {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.opcode() == 0x0fae && ours.modRm() >= 0xe8 && (ours.modRm() & 7) != 0;
		}
	},
	/**
	 * "BSF", "BSR", "WBINVD", "RDFSBASE", AMD's "VMMCALL": 66, F2 and F3 do not select another instruction and are
	 * ignored; objdump says (bad), or knows another instruction, or takes 66 for an operand size.
	 */
	IGNORED_PREFIX {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return switch (ours.mnemonic()) {
				case BSF, BSR, WBINVD -> answer.text().contains(InstructionFormatter.BAD);
				case VMMCALL -> answer.text().contains(InstructionFormatter.BAD) || answer.text().contains("vmgexit");
				case RDFSBASE, RDGSBASE, WRFSBASE, WRGSBASE -> ours.prefixes().contains((byte) 0x66);
				default -> false;
			};
		}
	},
	/** "Jcc—Jump if Condition Is Met": a 16-bit operand size clears the upper bits of EIP, for short branches, too. */
	SHORT_BRANCH_WITH_OPERAND_SIZE_16 {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.operandSize() == 16 && ours.length() == answer.length() && !ours.operands().isEmpty()
					&& ours.operand(0) instanceof Operand.Rel rel && rel.size() == 8;
		}
	},
	/** "RIP-Relative Addressing": an address size of 32 truncates the address; objdump's comment does not. */
	EIP_RELATIVE_COMMENT {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.addressSize() == 32
					&& text.replaceFirst("# .*", "").equals(answer.text().replaceFirst("# .*", ""));
		}
	},
	/** "REX Prefixes": REX.W outranks 66; objdump gives the operand in memory the size that 66 alone would. */
	SIZE_OF_MEMORY_UNDER_REX_W {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return switch (ours.mnemonic()) {
				case LSS, LFS, LGS, MOVSXD, CALL_FAR, JMP_FAR, FNSTENV, FNSAVE, FLDENV, FRSTOR ->
					(ours.rex() & 8) != 0 && ours.prefixes().contains((byte) 0x66);
				default -> false;
			};
		}
	},
	/** AMD's "x87 Instruction Reference": aliases of FCOM, FCOMP, FXCH and FSTP; objdump says (bad). */
	X87_ALIAS {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return switch (ours.mnemonic()) {
				case FCOM, FCOMP, FXCH, FSTP ->
					ours.modRm() >= 0xc0 && answer.text().contains(InstructionFormatter.BAD);
				default -> false;
			};
		}
	},
	/** "MOV—Move to/from Control Registers" and its like have #UD for registers that do not exist; objdump shows them. */
	NO_SUCH_REGISTER {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.legality() == Legality.UNDEFINED && NO_REGISTER.matcher(answer.text()).find();
		}
	},
	/** Instructions of extensions that the processor does not have. */
	ABSENT_EXTENSION {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			boolean evexOrXop = ours.opcode() == 0x62 || ours.opcode() == 0x8f;
			return ours.legality() == Legality.UNDEFINED && (evexOrXop || AbsentExtensions.contain(answer.text()));
		}
	},
	/** "Instruction Format": NP in an opcode says that 66, F2 and F3 are not allowed; objdump takes some of them. */
	PREFIX_NOT_ALLOWED {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			boolean group = ours.opcode() == 0x0fae || ours.opcode() == 0x0fc7 || ours.opcode() == 0x0fd7;
			return group && ours.legality() == Legality.UNDEFINED
					&& (ours.prefixes().contains((byte) 0x66) || ours.prefixes().contains((byte) 0xf3)
							|| ours.prefixes().contains((byte) 0xf2));
		}
	},
	/** "SWAPGS", "RDFSBASE/RDGSBASE": valid in 64-bit mode alone; objdump takes them in 16-bit code, too. */
	ONLY_IN_64_BIT_MODE {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.legality() == Legality.UNDEFINED && ours.codeSize() != CodeSize.CODE64
					&& (answer.text().contains("swapgs") || answer.text().contains("sbase"));
		}
	},
	/** "The VEX Prefix": #UD behind 66, F2, F3, LOCK and REX; objdump writes them before the instruction. */
	PREFIX_BEFORE_VEX {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			int first = ours.opcode();
			return ours.legality() == Legality.UNDEFINED && (first == 0xc4 || first == 0xc5 || first == 0x62)
					&& (ours.rex() != 0 || !ours.prefixes().isEmpty());
		}
	},
	/** AMD's "MOV CRn": LOCK with CR0 is another encoding of CR8 on some processors, not on ours. */
	LOCK_FOR_CR8 {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.legality() == Legality.UNDEFINED && ours.prefixes().contains((byte) 0xf0)
					&& (ours.opcode() == 0x0f20 || ours.opcode() == 0x0f22);
		}
	},
	/** "MOVSS", "MOVSD" with VEX: VEX.L is ignored; objdump writes a YMM register for the destination in rm. */
	SCALAR_MOVE_WITH_VEX_L {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return (ours.mnemonic() == Mnemonic.VMOVSS || ours.mnemonic() == Mnemonic.VMOVSD)
					&& answer.text().replace("ymm", "xmm").equals(text);
		}
	},
	/** "VZEROUPPER", "VZEROALL", "VLDMXCSR", "VSTMXCSR": no prefix in VEX.pp, 1111b in VEX.vvvv; objdump takes any. */
	UNUSED_VEX_FIELDS {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.legality() == Legality.UNDEFINED && (ours.opcode() == 0xc177 || ours.opcode() == 0xc1ae);
		}
	},
	/** Control instructions of the 8087 and the 80287, which do nothing today; objdump says for whom they were. */
	OBSOLETE_X87 {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return answer.text().equals(text + "(8087 only)") || answer.text().equals(text + "(287 only)");
		}
	},
	/** "PCLMULQDQ": the immediates with names are 00, 01, 10 and 11; objdump names 02 and 03, too. */
	PCLMULQDQ_IMMEDIATE {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.mnemonic() == Mnemonic.PCLMULQDQ || ours.mnemonic() == Mnemonic.VPCLMULQDQ;
		}
	},
	/** "EXTRQ": the reg field is 0; objdump takes any. */
	EXTRQ_EXTENSION {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.opcode() == 0x0f78 && ours.legality() == Legality.UNDEFINED && answer.text().contains("extrq");
		}
	},
	/** "MOVQ2DQ", "MOVDQ2Q": behind F3 or F2 a 66 has no effect; objdump counts it as used and makes both registers XMM. */
	MOVQ2DQ_MOVDQ2Q_WITH_66 {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return (ours.mnemonic() == Mnemonic.MOVQ2DQ || ours.mnemonic() == Mnemonic.MOVDQ2Q)
					&& ours.prefixes().contains((byte) 0x66);
		}
	},
	/** NOTRACK among other segment overrides: objdump takes the last override for it, whichever it is. */
	NOTRACK_BEFORE_ANOTHER_OVERRIDE {
		@Override
		boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
			return ours.prefixes().contains((byte) 0x3e) && answer.text().contains("notrack");
		}
	};

	private static final Pattern NO_REGISTER = Pattern
			.compile("\\b(cr([15679]|1[0-5])|dr([89]|1[0-5])|db([89]|1[0-5])|tr[0-7])\\b|\\?|mov +cs,|,%cs\\b");

	private static boolean isLegalWithoutLock(byte[] bytes, CodeSize codeSize) {
		byte[] unlocked = bytes.clone();
		for (int i = 0; unlocked[i] != 0x0f && i < unlocked.length - 1; i++) {
			if (unlocked[i] == (byte) 0xf0) {
				System.arraycopy(bytes, i + 1, unlocked, i, bytes.length - i - 1);
				return Decoder.decode(codeSize, unlocked, 0, unlocked.length).legality() == Legality.LEGAL
						|| isLegalWithoutLock(unlocked, codeSize);
			}
		}
		return false;
	}

	abstract boolean explains(byte[] bytes, Instruction ours, String text, Objdump.Answer answer);

	/** The divergence that explains this difference, or null. */
	static @Nullable ObjdumpDivergence of(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
		for (ObjdumpDivergence divergence : values()) {
			if (divergence.explains(bytes, ours, text, answer)) {
				return divergence;
			}
		}
		return null;
	}
}
