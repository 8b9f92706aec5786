/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** MMX and SSE2 integer arithmetic that works on each half of a register by itself. */
final class PackedIntegers {
	/** What a half becomes. */
	@FunctionalInterface
	interface Half {
		long apply(long a, long b);
	}

	/** What an element becomes; both are sign-extended, the result is truncated. */
	@FunctionalInterface
	interface Element {
		long apply(long a, long b);
	}

	private PackedIntegers() {
	}

	static void define(Section rows) {
		defineLogic(rows);
		defineSums(rows);
		defineSaturatedSums(rows);
		defineComparisons(rows);
		defineProducts(rows);
	}

	private static void defineLogic(Section rows) {
		rows.define(Mnemonic.PAND, halves((a, b) -> a & b));
		rows.define(Mnemonic.PANDN, halves((a, b) -> ~a & b));
		rows.define(Mnemonic.POR, halves((a, b) -> a | b));
		rows.define(Mnemonic.PXOR, halves((a, b) -> a ^ b));
		rows.define(Mnemonic.ANDPS, halves((a, b) -> a & b));
		rows.define(Mnemonic.ANDPD, halves((a, b) -> a & b));
		rows.define(Mnemonic.ANDNPS, halves((a, b) -> ~a & b));
		rows.define(Mnemonic.ANDNPD, halves((a, b) -> ~a & b));
		rows.define(Mnemonic.ORPS, halves((a, b) -> a | b));
		rows.define(Mnemonic.ORPD, halves((a, b) -> a | b));
		rows.define(Mnemonic.XORPS, halves((a, b) -> a ^ b));
		rows.define(Mnemonic.XORPD, halves((a, b) -> a ^ b));
	}

	private static void defineSums(Section rows) {
		rows.define(Mnemonic.PADDB, halves((a, b) -> add(a, b, 0x8080_8080_8080_8080L)));
		rows.define(Mnemonic.PADDW, halves((a, b) -> add(a, b, 0x8000_8000_8000_8000L)));
		rows.define(Mnemonic.PADDD, halves((a, b) -> add(a, b, 0x8000_0000_8000_0000L)));
		rows.define(Mnemonic.PADDQ, halves((a, b) -> a + b));
		rows.define(Mnemonic.PSUBB, halves((a, b) -> subtract(a, b, 0x8080_8080_8080_8080L)));
		rows.define(Mnemonic.PSUBW, halves((a, b) -> subtract(a, b, 0x8000_8000_8000_8000L)));
		rows.define(Mnemonic.PSUBD, halves((a, b) -> subtract(a, b, 0x8000_0000_8000_0000L)));
		rows.define(Mnemonic.PSUBQ, halves((a, b) -> a - b));
		rows.define(Mnemonic.PAVGB, elements(8, (a, b) -> (a & 255) + (b & 255) + 1 >> 1));
		rows.define(Mnemonic.PAVGW, elements(16, (a, b) -> (a & 0xffff) + (b & 0xffff) + 1 >> 1));
	}

	/** Sums of elements whose highest bits are those of {@code signs}: no carry leaves an element. */
	private static long add(long a, long b, long signs) {
		return (a & ~signs) + (b & ~signs) ^ (a ^ b) & signs;
	}

	private static long subtract(long a, long b, long signs) {
		return (a | signs) - (b & ~signs) ^ (a ^ ~b) & signs;
	}

	private static void defineSaturatedSums(Section rows) {
		rows.define(Mnemonic.PADDSB, elements(8, (a, b) -> clamp(a + b, -128, 127)));
		rows.define(Mnemonic.PADDSW, elements(16, (a, b) -> clamp(a + b, -32768, 32767)));
		rows.define(Mnemonic.PSUBSB, elements(8, (a, b) -> clamp(a - b, -128, 127)));
		rows.define(Mnemonic.PSUBSW, elements(16, (a, b) -> clamp(a - b, -32768, 32767)));
		rows.define(Mnemonic.PADDUSB, elements(8, (a, b) -> clamp((a & 255) + (b & 255), 0, 255)));
		rows.define(Mnemonic.PADDUSW, elements(16, (a, b) -> clamp((a & 0xffff) + (b & 0xffff), 0, 0xffff)));
		rows.define(Mnemonic.PSUBUSB, elements(8, (a, b) -> clamp((a & 255) - (b & 255), 0, 255)));
		rows.define(Mnemonic.PSUBUSW, elements(16, (a, b) -> clamp((a & 0xffff) - (b & 0xffff), 0, 0xffff)));
	}

	private static void defineComparisons(Section rows) {
		rows.define(Mnemonic.PCMPEQB, halves((a, b) -> equal(a, b, 0x8080_8080_8080_8080L, 8)));
		rows.define(Mnemonic.PCMPEQW, halves((a, b) -> equal(a, b, 0x8000_8000_8000_8000L, 16)));
		rows.define(Mnemonic.PCMPEQD, halves((a, b) -> equal(a, b, 0x8000_0000_8000_0000L, 32)));
		rows.define(Mnemonic.PCMPGTB, elements(8, (a, b) -> a > b ? -1 : 0));
		rows.define(Mnemonic.PCMPGTW, elements(16, (a, b) -> a > b ? -1 : 0));
		rows.define(Mnemonic.PCMPGTD, elements(32, (a, b) -> a > b ? -1 : 0));
		rows.define(Mnemonic.PMAXUB, elements(8, (a, b) -> Math.max(a & 255, b & 255)));
		rows.define(Mnemonic.PMINUB, elements(8, (a, b) -> Math.min(a & 255, b & 255)));
		rows.define(Mnemonic.PMAXSW, elements(16, Math::max));
		rows.define(Mnemonic.PMINSW, elements(16, Math::min));
	}

	/** Ones in the elements that are equal; {@code signs} are the highest bits of elements of so many bits. */
	private static long equal(long a, long b, long signs, int bits) {
		long difference = a ^ b;
		long differs = ((difference & ~signs) + ~signs | difference) & signs;
		long same = (differs ^ signs) >>> bits - 1;
		return (same << bits) - same;
	}

	private static void defineProducts(Section rows) {
		rows.define(Mnemonic.PMULLW, elements(16, (a, b) -> a * b));
		rows.define(Mnemonic.PMULHW, elements(16, (a, b) -> a * b >> 16));
		rows.define(Mnemonic.PMULHUW, elements(16, (a, b) -> (a & 0xffff) * (b & 0xffff) >> 16));
		rows.define(Mnemonic.PMULUDQ, halves((a, b) -> (a & 0xffff_ffffL) * (b & 0xffff_ffffL)));
		rows.define(Mnemonic.PMADDWD, halves((a, b) -> pairs((int) a, (int) b) & 0xffff_ffffL
				| pairs((int) (a >> 32), (int) (b >> 32)) << 32));
		rows.define(Mnemonic.PSADBW, halves(PackedIntegers::absoluteDifferences));
	}

	static long clamp(long value, long lowest, long highest) {
		return Math.max(lowest, Math.min(highest, value));
	}

	/** Sum of the products of two pairs of words. */
	private static long pairs(int a, int b) {
		return (long) (short) a * (short) b + (long) (a >> 16) * (b >> 16);
	}

	private static long absoluteDifferences(long a, long b) {
		long sum = 0;
		for (int shift = 0; shift < 64; shift += 8) {
			sum += Math.abs((a >>> shift & 255) - (b >>> shift & 255));
		}
		return sum;
	}

	/** An operation on elements of so many bits. */
	static LaneOperation elements(int bits, Element element) {
		return lane -> {
			lane.low = elements(bits, element, lane.aLow, lane.bLow);
			lane.high = elements(bits, element, lane.aHigh, lane.bHigh);
		};
	}

	private static long elements(int bits, Element element, long a, long b) {
		long result = 0;
		for (int left = 64 - bits; left >= 0; left -= bits) {
			long value = element.apply(a << left >> 64 - bits, b << left >> 64 - bits);
			result |= (value & -1L >>> 64 - bits) << 64 - bits - left;
		}
		return result;
	}

	/** An operation that treats the halves alike. */
	static LaneOperation halves(Half half) {
		return new DirectRoutines.Halves(half);
	}
}
