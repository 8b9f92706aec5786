/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.format.IntelFormatter;
import org.hyperstep.x86.meaning.Meanings;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

/** Random user-mode instructions leave what this machine's processor leaves: registers, flags, memory, exceptions. */
@SuppressWarnings("nls")
class HostComparisonTest {
	private static final int BATCH = 500;
	private static final boolean NIGHTLY = Boolean.getBoolean("hyperstep.nightly");
	private static final Set<Mnemonic> INTEGER = EnumSet.of(Mnemonic.ADD, Mnemonic.OR, Mnemonic.ADC, Mnemonic.SBB,
			Mnemonic.AND, Mnemonic.SUB, Mnemonic.XOR, Mnemonic.CMP, Mnemonic.TEST, Mnemonic.INC, Mnemonic.DEC,
			Mnemonic.NEG, Mnemonic.NOT, Mnemonic.MOV, Mnemonic.MOVSX, Mnemonic.MOVSXD, Mnemonic.MOVZX, Mnemonic.MOVNTI,
			Mnemonic.XCHG, Mnemonic.XADD, Mnemonic.CMPXCHG, Mnemonic.CMPXCHG8B, Mnemonic.BSWAP, Mnemonic.LEA,
			Mnemonic.PUSH, Mnemonic.POP, Mnemonic.LEAVE, Mnemonic.LAHF, Mnemonic.SAHF, Mnemonic.CBW, Mnemonic.CWD,
			Mnemonic.XLAT, Mnemonic.CMOVCC, Mnemonic.SETCC, Mnemonic.MUL, Mnemonic.IMUL, Mnemonic.DIV, Mnemonic.IDIV,
			Mnemonic.ROL, Mnemonic.ROR, Mnemonic.RCL, Mnemonic.RCR, Mnemonic.SHL, Mnemonic.SHR, Mnemonic.SAR,
			Mnemonic.SHLD, Mnemonic.SHRD, Mnemonic.BT, Mnemonic.BTS, Mnemonic.BTR, Mnemonic.BTC, Mnemonic.BSF,
			Mnemonic.BSR, Mnemonic.POPCNT, Mnemonic.LZCNT, Mnemonic.TZCNT, Mnemonic.MOVBE, Mnemonic.ADCX, Mnemonic.ADOX,
			Mnemonic.CLC, Mnemonic.STC, Mnemonic.CMC, Mnemonic.NOP, Mnemonic.ENDBR64,
			Mnemonic.MOVS, Mnemonic.CMPS, Mnemonic.STOS, Mnemonic.LODS, Mnemonic.SCAS);

	private static final Set<Mnemonic> BIT_MANIPULATION = EnumSet.of(Mnemonic.ANDN, Mnemonic.BEXTR, Mnemonic.BLSI,
			Mnemonic.BLSMSK, Mnemonic.BLSR, Mnemonic.BZHI, Mnemonic.MULX, Mnemonic.PDEP, Mnemonic.PEXT, Mnemonic.RORX,
			Mnemonic.SARX, Mnemonic.SHLX, Mnemonic.SHRX);

	private static final Set<Mnemonic> PACKED = EnumSet.of(Mnemonic.MOVAPS, Mnemonic.MOVAPD, Mnemonic.MOVDQA,
			Mnemonic.MOVNTPS, Mnemonic.MOVNTPD, Mnemonic.MOVNTDQ, Mnemonic.MOVUPS, Mnemonic.MOVUPD, Mnemonic.MOVDQU,
			Mnemonic.MOVD, Mnemonic.MOVQ, Mnemonic.MOVSS, Mnemonic.MOVSD, Mnemonic.MOVLPS, Mnemonic.MOVLPD,
			Mnemonic.MOVHPS, Mnemonic.MOVHPD, Mnemonic.MOVHLPS, Mnemonic.MOVLHPS, Mnemonic.MOVMSKPS, Mnemonic.MOVMSKPD,
			Mnemonic.PMOVMSKB, Mnemonic.MASKMOVDQU, Mnemonic.PAND, Mnemonic.PANDN, Mnemonic.POR, Mnemonic.PXOR,
			Mnemonic.ANDPS, Mnemonic.ANDPD, Mnemonic.ANDNPS, Mnemonic.ANDNPD, Mnemonic.ORPS, Mnemonic.ORPD,
			Mnemonic.XORPS, Mnemonic.XORPD, Mnemonic.PADDB, Mnemonic.PADDW, Mnemonic.PADDD, Mnemonic.PADDQ,
			Mnemonic.PSUBB, Mnemonic.PSUBW, Mnemonic.PSUBD, Mnemonic.PSUBQ, Mnemonic.PADDSB, Mnemonic.PADDSW,
			Mnemonic.PSUBSB, Mnemonic.PSUBSW, Mnemonic.PADDUSB, Mnemonic.PADDUSW, Mnemonic.PSUBUSB, Mnemonic.PSUBUSW,
			Mnemonic.PAVGB, Mnemonic.PAVGW, Mnemonic.PCMPEQB, Mnemonic.PCMPEQW, Mnemonic.PCMPEQD, Mnemonic.PCMPGTB,
			Mnemonic.PCMPGTW, Mnemonic.PCMPGTD, Mnemonic.PMAXUB, Mnemonic.PMINUB, Mnemonic.PMAXSW, Mnemonic.PMINSW,
			Mnemonic.PMULLW, Mnemonic.PMULHW, Mnemonic.PMULHUW, Mnemonic.PMULUDQ, Mnemonic.PMADDWD, Mnemonic.PSADBW,
			Mnemonic.PUNPCKLBW, Mnemonic.PUNPCKLWD, Mnemonic.PUNPCKLDQ, Mnemonic.PUNPCKLQDQ, Mnemonic.PUNPCKHBW,
			Mnemonic.PUNPCKHWD, Mnemonic.PUNPCKHDQ, Mnemonic.PUNPCKHQDQ, Mnemonic.UNPCKLPS, Mnemonic.UNPCKHPS,
			Mnemonic.UNPCKLPD, Mnemonic.UNPCKHPD, Mnemonic.PACKSSWB, Mnemonic.PACKUSWB, Mnemonic.PACKSSDW,
			Mnemonic.PSHUFLW, Mnemonic.PSHUFHW, Mnemonic.PSHUFD, Mnemonic.SHUFPS, Mnemonic.SHUFPD, Mnemonic.PINSRW,
			Mnemonic.PEXTRW, Mnemonic.PSLLW, Mnemonic.PSLLD, Mnemonic.PSLLQ, Mnemonic.PSRLW, Mnemonic.PSRLD,
			Mnemonic.PSRLQ, Mnemonic.PSHUFW, Mnemonic.MASKMOVQ, Mnemonic.MOVNTQ, Mnemonic.MOVQ2DQ, Mnemonic.MOVDQ2Q,
			Mnemonic.EMMS, Mnemonic.PSRAW, Mnemonic.PSRAD, Mnemonic.PSLLDQ, Mnemonic.PSRLDQ);

	private static final Set<Mnemonic> FLOATING = floating();

	private static Set<Mnemonic> floating() {
		Set<Mnemonic> all = EnumSet.of(Mnemonic.UCOMISS, Mnemonic.UCOMISD, Mnemonic.COMISS, Mnemonic.COMISD,
				Mnemonic.CVTSS2SI, Mnemonic.CVTSD2SI, Mnemonic.CVTTSS2SI, Mnemonic.CVTTSD2SI, Mnemonic.CVTSI2SS,
				Mnemonic.CVTSI2SD, Mnemonic.CVTDQ2PS, Mnemonic.CVTDQ2PD, Mnemonic.CVTPS2DQ, Mnemonic.CVTTPS2DQ,
				Mnemonic.CVTPD2DQ, Mnemonic.CVTTPD2DQ, Mnemonic.CVTSS2SD, Mnemonic.CVTSD2SS, Mnemonic.CVTPS2PD,
				Mnemonic.CVTPD2PS, Mnemonic.CVTPI2PS, Mnemonic.CVTPI2PD, Mnemonic.CVTPS2PI, Mnemonic.CVTPD2PI,
				Mnemonic.CVTTPS2PI, Mnemonic.CVTTPD2PI);
		for (String name : List.of("ADD", "SUB", "MUL", "DIV", "MIN", "MAX", "SQRT", "CMP")) {
			for (String shape : List.of("SS", "SD", "PS", "PD")) {
				all.add(Mnemonic.valueOf(name + shape));
			}
		}
		return all;
	}

	private final EmulatedProcessor emulated = new EmulatedProcessor();
	private final Map<Mnemonic, Integer> differing = new TreeMap<>();
	private final List<String> reports = new ArrayList<>();

	@Test
	void integerInstructionsLeaveWhatTheHostLeaves() throws Exception {
		compare(INTEGER, NIGHTLY ? 20_000_000 : 200_000, 0x5eed);
	}

	@Test
	void packedInstructionsLeaveWhatTheHostLeaves() throws Exception {
		compare(PACKED, NIGHTLY ? 5_000_000 : 60_000, 0xface);
	}

	@Test
	void floatingPointInstructionsLeaveWhatTheHostLeaves() throws Exception {
		compare(FLOATING, NIGHTLY ? 5_000_000 : 60_000, 0xf10a7);
	}

	@Test
	void bitManipulationWithVexPrefixLeavesWhatTheHostLeaves() throws Exception {
		compare(new CaseGenerator(0xb1717, BIT_MANIPULATION, true), NIGHTLY ? 2_000_000 : 20_000);
	}

	@Test
	void vectorInstructionsWithVexPrefixLeaveWhatTheHostLeaves() throws Exception {
		Set<Mnemonic> vectors = EnumSet.copyOf(Meanings.defined());
		vectors.removeIf(mnemonic -> mnemonic.ordinal() < Mnemonic.VSQRTPS.ordinal());
		// Their bits are left to the processor.
		vectors.removeAll(EnumSet.of(Mnemonic.VRCPPS, Mnemonic.VRCPSS, Mnemonic.VRSQRTPS, Mnemonic.VRSQRTSS));
		compare(new CaseGenerator(0xa5f, vectors, true), NIGHTLY ? 10_000_000 : 40_000);
	}

	@Test
	void fusedMultiplicationsLeaveWhatTheHostLeaves() throws Exception {
		Set<Mnemonic> fused = EnumSet.copyOf(Meanings.defined());
		fused.removeIf(mnemonic -> !mnemonic.name().matches("VFN?M.*"));
		compare(new CaseGenerator(0xf0a, fused, true), NIGHTLY ? 5_000_000 : 20_000);
	}

	private void compare(Set<Mnemonic> mnemonics, int cases, long seed) throws Exception {
		compare(new CaseGenerator(seed, mnemonics), cases);
	}

	private void compare(CaseGenerator generator, int cases) throws Exception {
		try (HostProcessor host = new HostProcessor()) {
			for (int done = 0; done < cases; done += BATCH) {
				List<HostProcessor.Case> batch = new ArrayList<>();
				for (int i = 0; i < BATCH; i++) {
					batch.add(generator.next());
				}
				HostProcessor.Outcome[] expected = host.execute(batch);
				for (int i = 0; i < BATCH; i++) {
					check(batch.get(i), expected[i]);
				}
			}
		}
		if (!differing.isEmpty()) {
			fail(differing + "\n" + String.join("\n", reports));
		}
	}

	private void check(HostProcessor.Case start, HostProcessor.Outcome expected) {
		Instruction i = Decoder.decode(CodeSize.CODE64, start.code(), 0, start.code().length);
		HostProcessor.Outcome actual = emulated.execute(start);
		String difference = difference(i, start, expected, actual);
		if (difference != null) {
			int count = differing.merge(i.mnemonic(), 1, Integer::sum);
			if (count <= 3) {
				reports.add(HexFormat.ofDelimiter(" ").formatHex(start.code()) + "  "
						+ new IntelFormatter().format(i, FlatMachine.CODE, (a) -> null) + "\n" + difference);
			}
		}
	}

	// ---- the comparison ----

	private static @Nullable String difference(Instruction i, HostProcessor.Case start, HostProcessor.Outcome expected,
			HostProcessor.Outcome actual) {
		if (expected.trap() != actual.trap()) {
			return "  trap: host " + (expected.trap() - 1) + ", here " + (actual.trap() - 1);
		}
		if (expected.trap() != 0 && expected.trap() != Vector.DE + 1) {
			return null;
		}
		int count = shiftCount(i, start);
		StringBuilder text = new StringBuilder();
		for (int k = 0; k < 16; k++) {
			if (expected.registers()[k] != actual.registers()[k] && !undefinedRegister(i, k, count)) {
				text.append("  register %d: %016x -> host %016x, here %016x%n".formatted(k, start.registers()[k],
						expected.registers()[k], actual.registers()[k]));
			}
		}
		long flags = (expected.flags() ^ actual.flags()) & (Flags.STATUS | CpuState.DF)
				& ~UndefinedFlags.of(i, count);
		if (flags != 0 && expected.trap() == 0) {
			text.append("  flags: %x -> host %x, here %x%n".formatted(start.flags(), expected.flags(), actual.flags()));
		}
		if (expected.memory() != actual.memory() && !undefinedMemory(i, count)) {
			text.append("  memory differs\n");
		}
		if (!expected.x87().equalTo(actual.x87())) {
			text.append("  start ").append(start.x87()).append("\n  host  ").append(expected.x87()).append("\n  here  ")
					.append(actual.x87()).append('\n').append(operands(i, start));
		}
		if (!Arrays.equals(expected.xmm(), actual.xmm())) {
			for (int k = 0; k < 64; k++) {
				if (expected.xmm()[k] != actual.xmm()[k]) {
					text.append("  ymm%d quarter %d: %016x -> host %016x, here %016x%n".formatted(k / 2 % 16,
							k % 2 + k / 32 * 2,
							start.xmm()[k], expected.xmm()[k], actual.xmm()[k]));
				}
			}
			text.append(operands(i, start));
		}
		// Intel's page of SQRT lists the denormal exception; AMD's processors do not raise it.
		long ignored = i.mnemonic().name().contains("SQRT") ? 2 : 0;
		if (((expected.mxcsr() ^ actual.mxcsr()) & ~ignored) != 0 && expected.trap() == 0) {
			text.append("  mxcsr: %x -> host %x, here %x%n".formatted(start.mxcsr(), expected.mxcsr(), actual.mxcsr()));
			text.append(operands(i, start));
		}
		if (text.isEmpty()) {
			return null;
		}
		return text.append("  start ").append(Arrays.stream(start.registers()).mapToObj(Long::toHexString).toList())
				.toString();
	}

	private static String operands(Instruction i, HostProcessor.Case start) {
		StringBuilder text = new StringBuilder("  mxcsr %x".formatted(start.mxcsr()));
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Reg reg && reg.register().name().startsWith("XMM")) {
				int n = reg.register().number();
				text.append(" %s=%016x:%016x".formatted(reg.register(), start.xmm()[2 * n + 1], start.xmm()[2 * n]));
			}
		}
		return text.append('\n').toString();
	}

	private static int shiftCount(Instruction i, HostProcessor.Case start) {
		int operand = switch (i.mnemonic()) {
			case SHL, SAL, SHR, SAR, ROL, ROR, RCL, RCR -> 1;
			case SHLD, SHRD -> 2;
			default -> -1;
		};
		if (operand < 0) {
			return 0;
		}
		long count = i.operand(operand) instanceof Operand.Imm imm ? imm.value() : start.registers()[CpuState.RCX];
		return (int) count & (i.operandSize() == 64 ? 63 : 31);
	}

	private static boolean isDoubleShiftTooFar(Instruction i, int count) {
		return (i.mnemonic() == Mnemonic.SHLD || i.mnemonic() == Mnemonic.SHRD) && count > i.operandSize();
	}

	private static boolean undefinedRegister(Instruction i, int register, int count) {
		boolean bswap16 = i.mnemonic() == Mnemonic.BSWAP && i.operandSize() == 16;
		return (bswap16 || isDoubleShiftTooFar(i, count)) && i.operand(0) instanceof Operand.Reg reg
				&& reg.register().number() == register;
	}

	private static boolean undefinedMemory(Instruction i, int count) {
		return isDoubleShiftTooFar(i, count);
	}
}
