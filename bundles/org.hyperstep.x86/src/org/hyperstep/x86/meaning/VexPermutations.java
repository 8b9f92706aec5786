/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.state.ExtendedState;

/** Instructions of AVX and AVX2 that move elements between the lanes of 128 bits. */
final class VexPermutations {
	/** Where the values stand in the processor's scratch: second source, first source, result. */
	private static final int B = 0, A = 4, RESULT = 8;

	/** Computes the result in place, from 256 bits of each source. */
	@FunctionalInterface
	private interface Permutation {
		void apply(long[] v, int immediate);
	}

	private VexPermutations() {
	}

	static void define(Meanings table) {
		define(table, Mnemonic.VPERMQ, VexPermutations::quadwords);
		define(table, Mnemonic.VPERMPD, VexPermutations::quadwords);
		define(table, Mnemonic.VPERMD, (v, immediate) -> doublewords(v));
		define(table, Mnemonic.VPERMPS, (v, immediate) -> doublewords(v));
		define(table, Mnemonic.VPERM2F128, VexPermutations::lanes);
		define(table, Mnemonic.VPERM2I128, VexPermutations::lanes);
		define(table, Mnemonic.VINSERTF128, VexPermutations::insert);
		define(table, Mnemonic.VINSERTI128, VexPermutations::insert);
		define(table, Mnemonic.VEXTRACTF128, VexPermutations::extract);
		define(table, Mnemonic.VEXTRACTI128, VexPermutations::extract);
	}

	private static void define(Meanings table, Mnemonic mnemonic, Permutation permutation) {
		VexTable.define(table, mnemonic, (block, i) -> emit(block, i, permutation));
	}

	private static void emit(BlockBuilder block, Instruction i, Permutation permutation) {
		VexOperands operands = new VexOperands(i, false);
		VexOperands.emit(block, i, (p, instruction) -> {
			long[] v = p.scratch();
			operands.readSecond(p, v);
			if (operands.first >= 0) {
				ExtendedState state = p.state().extended;
				int n = 2 * operands.first;
				v[A] = state.xmm[n];
				v[A + 1] = state.xmm[n + 1];
				v[A + 2] = state.ymmUpper[n];
				v[A + 3] = state.ymmUpper[n + 1];
			}
			permutation.apply(v, operands.immediate);
			operands.write(p, v, RESULT);
		});
	}

	private static void quadwords(long[] v, int order) {
		for (int k = 0; k < 4; k++) {
			v[RESULT + k] = v[B + (order >> 2 * k & 3)];
		}
	}

	/** The first source names doublewords of the second one. */
	private static void doublewords(long[] v) {
		for (int k = 0; k < 4; k++) {
			v[RESULT + k] = doubleword(v, (int) v[A + k]) | doubleword(v, (int) (v[A + k] >>> 32)) << 32;
		}
	}

	private static long doubleword(long[] v, int which) {
		return v[B + (which >> 1 & 3)] >>> 32 * (which & 1) & 0xffff_ffffL;
	}

	/** Each half is a lane of the first source, of the second, or zero. */
	private static void lanes(long[] v, int control) {
		for (int half = 0; half < 2; half++) {
			int choice = control >> 4 * half;
			int from = ((choice & 2) == 0 ? A : B) + 2 * (choice & 1);
			boolean zero = (choice & 8) != 0;
			v[RESULT + 2 * half] = zero ? 0 : v[from];
			v[RESULT + 2 * half + 1] = zero ? 0 : v[from + 1];
		}
	}

	private static void insert(long[] v, int which) {
		System.arraycopy(v, A, v, RESULT, 4);
		System.arraycopy(v, B, v, RESULT + 2 * (which & 1), 2);
	}

	private static void extract(long[] v, int which) {
		System.arraycopy(v, B + 2 * (which & 1), v, RESULT, 2);
	}
}
