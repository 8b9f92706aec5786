/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.VectorOperand.HIGH;
import static org.hyperstep.x86.meaning.VectorOperand.LOW;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.state.ExtendedState;

/** MMX and SSE2 integer arithmetic that works on each half of a register by itself. */
final class PackedIntegers {
	/** What a half becomes. */
	@FunctionalInterface
	interface Half {
		long apply(long d, long s);
	}

	/** What an element becomes; both are sign-extended, the result is truncated. */
	@FunctionalInterface
	interface Element {
		long apply(long d, long s);
	}

	private PackedIntegers() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.PAND, halves((d, s) -> d & s));
		table.define(Mnemonic.PANDN, halves((d, s) -> ~d & s));
		table.define(Mnemonic.POR, halves((d, s) -> d | s));
		table.define(Mnemonic.PXOR, halves((d, s) -> d ^ s));
		table.define(Mnemonic.ANDPS, halves((d, s) -> d & s));
		table.define(Mnemonic.ANDPD, halves((d, s) -> d & s));
		table.define(Mnemonic.ANDNPS, halves((d, s) -> ~d & s));
		table.define(Mnemonic.ANDNPD, halves((d, s) -> ~d & s));
		table.define(Mnemonic.ORPS, halves((d, s) -> d | s));
		table.define(Mnemonic.ORPD, halves((d, s) -> d | s));
		table.define(Mnemonic.XORPS, halves((d, s) -> d ^ s));
		table.define(Mnemonic.XORPD, halves((d, s) -> d ^ s));
		defineSums(table);
		defineComparisons(table);
		defineProducts(table);
	}

	private static void defineSums(Meanings table) {
		table.define(Mnemonic.PADDB, elements(8, (d, s) -> d + s));
		table.define(Mnemonic.PADDW, elements(16, (d, s) -> d + s));
		table.define(Mnemonic.PADDD, elements(32, (d, s) -> d + s));
		table.define(Mnemonic.PADDQ, halves((d, s) -> d + s));
		table.define(Mnemonic.PSUBB, elements(8, (d, s) -> d - s));
		table.define(Mnemonic.PSUBW, elements(16, (d, s) -> d - s));
		table.define(Mnemonic.PSUBD, elements(32, (d, s) -> d - s));
		table.define(Mnemonic.PSUBQ, halves((d, s) -> d - s));
		table.define(Mnemonic.PADDSB, elements(8, (d, s) -> clamp(d + s, -128, 127)));
		table.define(Mnemonic.PADDSW, elements(16, (d, s) -> clamp(d + s, -32768, 32767)));
		table.define(Mnemonic.PSUBSB, elements(8, (d, s) -> clamp(d - s, -128, 127)));
		table.define(Mnemonic.PSUBSW, elements(16, (d, s) -> clamp(d - s, -32768, 32767)));
		table.define(Mnemonic.PADDUSB, elements(8, (d, s) -> clamp((d & 255) + (s & 255), 0, 255)));
		table.define(Mnemonic.PADDUSW, elements(16, (d, s) -> clamp((d & 0xffff) + (s & 0xffff), 0, 0xffff)));
		table.define(Mnemonic.PSUBUSB, elements(8, (d, s) -> clamp((d & 255) - (s & 255), 0, 255)));
		table.define(Mnemonic.PSUBUSW, elements(16, (d, s) -> clamp((d & 0xffff) - (s & 0xffff), 0, 0xffff)));
		table.define(Mnemonic.PAVGB, elements(8, (d, s) -> (d & 255) + (s & 255) + 1 >> 1));
		table.define(Mnemonic.PAVGW, elements(16, (d, s) -> (d & 0xffff) + (s & 0xffff) + 1 >> 1));
	}

	private static void defineComparisons(Meanings table) {
		table.define(Mnemonic.PCMPEQB, elements(8, (d, s) -> d == s ? -1 : 0));
		table.define(Mnemonic.PCMPEQW, elements(16, (d, s) -> d == s ? -1 : 0));
		table.define(Mnemonic.PCMPEQD, elements(32, (d, s) -> d == s ? -1 : 0));
		table.define(Mnemonic.PCMPGTB, elements(8, (d, s) -> d > s ? -1 : 0));
		table.define(Mnemonic.PCMPGTW, elements(16, (d, s) -> d > s ? -1 : 0));
		table.define(Mnemonic.PCMPGTD, elements(32, (d, s) -> d > s ? -1 : 0));
		table.define(Mnemonic.PMAXUB, elements(8, (d, s) -> Math.max(d & 255, s & 255)));
		table.define(Mnemonic.PMINUB, elements(8, (d, s) -> Math.min(d & 255, s & 255)));
		table.define(Mnemonic.PMAXSW, elements(16, Math::max));
		table.define(Mnemonic.PMINSW, elements(16, Math::min));
	}

	private static void defineProducts(Meanings table) {
		table.define(Mnemonic.PMULLW, elements(16, (d, s) -> d * s));
		table.define(Mnemonic.PMULHW, elements(16, (d, s) -> d * s >> 16));
		table.define(Mnemonic.PMULHUW, elements(16, (d, s) -> (d & 0xffff) * (s & 0xffff) >> 16));
		table.define(Mnemonic.PMULUDQ, halves((d, s) -> (d & 0xffff_ffffL) * (s & 0xffff_ffffL)));
		table.define(Mnemonic.PMADDWD, halves((d, s) -> pairs((int) d, (int) s) & 0xffff_ffffL
				| pairs((int) (d >> 32), (int) (s >> 32)) << 32));
		table.define(Mnemonic.PSADBW, halves(PackedIntegers::absoluteDifferences));
	}

	private static long clamp(long value, long lowest, long highest) {
		return Math.max(lowest, Math.min(highest, value));
	}

	/** Sum of the products of two pairs of words. */
	private static long pairs(int d, int s) {
		return (long) (short) d * (short) s + (long) (d >> 16) * (s >> 16);
	}

	private static long absoluteDifferences(long d, long s) {
		long sum = 0;
		for (int shift = 0; shift < 64; shift += 8) {
			sum += Math.abs((d >>> shift & 255) - (s >>> shift & 255));
		}
		return sum;
	}

	private static Meaning elements(int bits, Element element) {
		return halves((d, s) -> {
			long result = 0;
			for (int shift = 0; shift < 64; shift += bits) {
				long value = element.apply(d << 64 - bits - shift >> 64 - bits, s << 64 - bits - shift >> 64 - bits);
				result |= (value & -1L >>> 64 - bits) << shift;
			}
			return result;
		});
	}

	/** A meaning that treats the halves of XMM registers, or an MMX register, alike. */
	static Meaning halves(Half half) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			boolean mmx = VectorOperand.isMmx(i.operand(0));
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), true);
				long[] s = p.scratch();
				ExtendedState state = p.state().extended;
				if (mmx) {
					VectorOperand.writeMmx(p, d, half.apply(state.significand[d], s[LOW]));
				} else {
					state.xmm[2 * d] = half.apply(state.xmm[2 * d], s[LOW]);
					state.xmm[2 * d + 1] = half.apply(state.xmm[2 * d + 1], s[HIGH]);
				}
			});
		};
	}
}
