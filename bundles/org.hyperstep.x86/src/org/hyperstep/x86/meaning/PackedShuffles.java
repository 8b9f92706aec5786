/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.VectorOperand.HIGH;
import static org.hyperstep.x86.meaning.VectorOperand.LOW;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.system.Feature;

/** MMX and SSE instructions that move elements within and between registers, and packed shifts. */
final class PackedShuffles {
	private static final int D_LOW = 2, D_HIGH = 3;

	/** The destination's new value from its old one (scratch 2 and 3) and the source (scratch 0 and 1), in place. */
	@FunctionalInterface
	private interface Whole {
		/** @param bytes 8 or 16 */
		void apply(long[] v, int bytes, int immediate);
	}

	/** An element shifted by a count that may be as large as it likes. */
	@FunctionalInterface
	private interface Shift {
		long apply(long element, int count);
	}

	private PackedShuffles() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.PUNPCKLBW, interleaving(8, false));
		table.define(Mnemonic.PUNPCKLWD, interleaving(16, false));
		table.define(Mnemonic.PUNPCKLDQ, interleaving(32, false));
		table.define(Mnemonic.PUNPCKLQDQ, interleaving(64, false));
		table.define(Mnemonic.PUNPCKHBW, interleaving(8, true));
		table.define(Mnemonic.PUNPCKHWD, interleaving(16, true));
		table.define(Mnemonic.PUNPCKHDQ, interleaving(32, true));
		table.define(Mnemonic.PUNPCKHQDQ, interleaving(64, true));
		table.define(Mnemonic.UNPCKLPS, interleaving(32, false));
		table.define(Mnemonic.UNPCKHPS, interleaving(32, true));
		table.define(Mnemonic.UNPCKLPD, interleaving(64, false));
		table.define(Mnemonic.UNPCKHPD, interleaving(64, true));
		table.define(Mnemonic.PACKSSWB, packing(16, -128, 127));
		table.define(Mnemonic.PACKUSWB, packing(16, 0, 255));
		table.define(Mnemonic.PACKSSDW, packing(32, -32768, 32767));
		defineShuffles(table);
		defineShifts(table);
	}

	private static void defineShuffles(Meanings table) {
		table.define(Mnemonic.PSHUFW, whole((v, bytes, order) -> v[D_LOW] = words(v[LOW], order)));
		table.define(Mnemonic.PSHUFLW, whole((v, bytes, order) -> {
			v[D_LOW] = words(v[LOW], order);
			v[D_HIGH] = v[HIGH];
		}));
		table.define(Mnemonic.PSHUFHW, whole((v, bytes, order) -> {
			v[D_LOW] = v[LOW];
			v[D_HIGH] = words(v[HIGH], order);
		}));
		table.define(Mnemonic.PSHUFD, whole((v, bytes, order) -> {
			v[D_LOW] = doubleword(v, LOW, order) | doubleword(v, LOW, order >> 2) << 32;
			v[D_HIGH] = doubleword(v, LOW, order >> 4) | doubleword(v, LOW, order >> 6) << 32;
		}));
		table.define(Mnemonic.SHUFPS, whole((v, bytes, order) -> {
			v[D_LOW] = doubleword(v, D_LOW, order) | doubleword(v, D_LOW, order >> 2) << 32;
			v[D_HIGH] = doubleword(v, LOW, order >> 4) | doubleword(v, LOW, order >> 6) << 32;
		}));
		table.define(Mnemonic.SHUFPD, whole((v, bytes, order) -> {
			v[D_LOW] = v[D_LOW + (order & 1)];
			v[D_HIGH] = v[LOW + (order >> 1 & 1)];
		}));
		table.define(Mnemonic.PINSRW, whole((v, bytes, position) -> {
			int at = position & bytes / 2 - 1;
			int shift = 16 * (at & 3);
			v[D_LOW + (at >> 2)] = v[D_LOW + (at >> 2)] & ~(0xffffL << shift) | (v[LOW] & 0xffff) << shift;
		}));
		table.define(Mnemonic.PEXTRW, (block, i) -> {
			// The form with a memory destination is an instruction of SSE4.1.
			if (i.opcode() >> 8 == 0x3a && !block.has(Feature.SSE4_1)) {
				SystemOps.undefined(block);
			} else {
				VectorOperand.emit(block, i, PackedShuffles::extractWord);
			}
		});
	}

	private static void extractWord(Processor processor, Instruction i) {
		VectorOperand.read(processor, i.operand(1), true);
		int at = immediate(i) & (VectorOperand.isMmx(i.operand(1)) ? 3 : 7);
		long word = processor.scratch()[at >> 2] >>> 16 * (at & 3) & 0xffff;
		if (i.operand(0) instanceof Operand.Mem) {
			VectorOperand.store(processor, 2, false, word, 0);
		} else {
			processor.setGeneral(VectorOperand.number(i.operand(0)), 32, word);
		}
	}

	private static void defineShifts(Meanings table) {
		table.define(Mnemonic.PSLLW, shifting(16, (e, count) -> count > 15 ? 0 : e << count));
		table.define(Mnemonic.PSLLD, shifting(32, (e, count) -> count > 31 ? 0 : e << count));
		table.define(Mnemonic.PSLLQ, shifting(64, (e, count) -> count > 63 ? 0 : e << count));
		table.define(Mnemonic.PSRLW, shifting(16, (e, count) -> count > 15 ? 0 : (e & 0xffff) >>> count));
		table.define(Mnemonic.PSRLD, shifting(32, (e, count) -> count > 31 ? 0 : (e & 0xffff_ffffL) >>> count));
		table.define(Mnemonic.PSRLQ, shifting(64, (e, count) -> count > 63 ? 0 : e >>> count));
		table.define(Mnemonic.PSRAW, shifting(16, (e, count) -> e >> Math.min(count, 15)));
		table.define(Mnemonic.PSRAD, shifting(32, (e, count) -> e >> Math.min(count, 31)));
		table.define(Mnemonic.PSLLDQ, whole((v, bytes, count) -> shiftBytes(v, Math.min(count, 16))));
		table.define(Mnemonic.PSRLDQ, whole((v, bytes, count) -> shiftBytes(v, -Math.min(count, 16))));
	}

	/** Shifts the destination left by so many bytes, or right if negative. */
	private static void shiftBytes(long[] v, int bytes) {
		for (int k = Math.abs(bytes); k > 0; k--) {
			if (bytes > 0) {
				v[D_HIGH] = v[D_HIGH] << 8 | v[D_LOW] >>> 56;
				v[D_LOW] <<= 8;
			} else {
				v[D_LOW] = v[D_LOW] >>> 8 | v[D_HIGH] << 56;
				v[D_HIGH] >>>= 8;
			}
		}
	}

	private static int immediate(Instruction i) {
		return i.operand(i.operands().size() - 1) instanceof Operand.Imm imm ? (int) imm.value() & 255 : 0;
	}

	private static long words(long value, int order) {
		long result = 0;
		for (int k = 0; k < 4; k++) {
			result |= (value >>> 16 * (order >> 2 * k & 3) & 0xffff) << 16 * k;
		}
		return result;
	}

	private static long doubleword(long[] v, int base, int which) {
		return v[base + (which >> 1 & 1)] >>> 32 * (which & 1) & 0xffff_ffffL;
	}

	private static Meaning whole(Whole whole) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			boolean mmx = VectorOperand.isMmx(i.operand(0));
			int immediate = immediate(i);
			VectorOperand.emit(block, i, (p, instruction) -> {
				long[] v = p.scratch();
				VectorOperand.read(p, instruction.operand(1), true);
				v[D_LOW] = mmx ? p.state().extended.significand[d] : p.state().extended.xmm[2 * d];
				v[D_HIGH] = mmx ? 0 : p.state().extended.xmm[2 * d + 1];
				whole.apply(v, mmx ? 8 : 16, immediate);
				if (mmx) {
					VectorOperand.writeMmx(p, d, v[D_LOW]);
				} else {
					VectorOperand.writeXmm(p, d, v[D_LOW], v[D_HIGH]);
				}
			});
		};
	}

	/** Elements of the lower or upper halves of both, alternating, the destination's first. */
	private static Meaning interleaving(int bits, boolean upper) {
		return whole((v, bytes, immediate) -> {
			boolean wide = bytes == 16;
			long d = wide ? v[upper ? D_HIGH : D_LOW] : upper ? v[D_LOW] >>> 32 : v[D_LOW];
			long s = wide ? v[upper ? HIGH : LOW] : upper ? v[LOW] >>> 32 : v[LOW];
			if (bits == 64) {
				v[D_LOW] = d;
				v[D_HIGH] = s;
				return;
			}
			v[D_LOW] = interleave(bits, d, s);
			v[D_HIGH] = interleave(bits, d >>> 32, s >>> 32);
		});
	}

	private static long interleave(int bits, long d, long s) {
		long mask = (1L << bits) - 1;
		long result = 0;
		for (int k = 0; k < 32 / bits; k++) {
			result |= (d >>> k * bits & mask) << 2 * k * bits | (s >>> k * bits & mask) << (2 * k + 1) * bits;
		}
		return result;
	}

	/** Signed elements to elements of half the width, saturated: the destination's to the lower half, the source's above. */
	private static Meaning packing(int bits, long lowest, long highest) {
		return whole((v, bytes, immediate) -> {
			if (bytes == 8) {
				v[D_LOW] = pack(bits, v[D_LOW], lowest, highest) | pack(bits, v[LOW], lowest, highest) << 32;
			} else {
				v[D_LOW] = pack(bits, v[D_LOW], lowest, highest) | pack(bits, v[D_HIGH], lowest, highest) << 32;
				v[D_HIGH] = pack(bits, v[LOW], lowest, highest) | pack(bits, v[HIGH], lowest, highest) << 32;
			}
		});
	}

	private static long pack(int bits, long value, long lowest, long highest) {
		long mask = (1L << bits / 2) - 1;
		long result = 0;
		for (int k = 0; k < 64 / bits; k++) {
			long element = value << 64 - bits - k * bits >> 64 - bits;
			result |= (Math.max(lowest, Math.min(highest, element)) & mask) << k * bits / 2;
		}
		return result;
	}

	/** By an immediate, or by the low 64 bits of the source. */
	private static Meaning shifting(int bits, Shift shift) {
		long mask = -1L >>> 64 - bits;
		return whole((v, bytes, immediate) -> {
			int count = v[LOW] < 0 || v[LOW] > 255 ? 255 : (int) v[LOW];
			for (int half = D_LOW; half <= D_HIGH; half++) {
				long result = 0;
				for (int at = 0; at < 64; at += bits) {
					result |= (shift.apply(v[half] << 64 - bits - at >> 64 - bits, count) & mask) << at;
				}
				v[half] = result;
			}
		});
	}
}
