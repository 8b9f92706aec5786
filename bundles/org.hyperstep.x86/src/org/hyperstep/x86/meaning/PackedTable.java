/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.EnumMap;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.system.Feature;

/** The table of packed instructions by the mnemonic of the legacy form. The families fill it. */
final class PackedTable {
	private static final Map<Mnemonic, PackedRow> ROWS = new EnumMap<>(Mnemonic.class);

	static {
		Section sse2 = new Section(Feature.SSE2);
		VectorMoves.define(sse2);
		PackedIntegers.define(sse2);
		PackedShuffles.define(sse2);
		PackedShifts.define(sse2);
		FloatVectors.define(sse2);
		FloatConversions.define(sse2);
		Estimates.define(sse2);
		FloatSupplements.define(new Section(Feature.SSE3));
		PackedSupplements.define(new Section(Feature.SSSE3));
		PackedExtensions.define(new Section(Feature.SSE4_1));
		FloatSupplements.defineExtensions(new Section(Feature.SSE4_1));
		PackedExtensions.defineComparison(new Section(Feature.SSE4_2));
		BitFields.define(new Section(Feature.SSE4A));
		Aes.define(new Section(Feature.AES));
		Aes.defineProduct(new Section(Feature.PCLMULQDQ));
		VexOperations.define(new Section(Feature.AVX));
		VexComparisons.define(new Section(Feature.AVX));
		HalfPrecision.define(new Section(Feature.F16C));
		FusedMultiplyAdd.define(new Section(Feature.FMA));
	}

	private PackedTable() {
	}

	/** The row of a legacy mnemonic, null if it is no packed instruction. */
	static @Nullable PackedRow row(Mnemonic mnemonic) {
		return ROWS.get(mnemonic);
	}

	/** Defines the legacy forms. */
	static void define(Meanings table) {
		ROWS.forEach((mnemonic, row) -> {
			if (!VexTable.isVex(mnemonic)) {
				table.define(mnemonic, row.feature(), (block, i) -> PackedRoutine.emit(block, i, row));
			}
		});
	}

	/** Rows of instructions that one feature of CPUID stands for. */
	record Section(Feature feature) {
		/** Adds a row. */
		@SuppressWarnings("nls")
		void define(Mnemonic mnemonic, Result result, Alignment alignment, boolean floating,
				LaneOperation.ByInstruction operations) {
			if (ROWS.containsKey(mnemonic)) {
				throw new IllegalStateException("two rows of " + mnemonic);
			}
			ROWS.put(mnemonic, new PackedRow(feature, result, alignment, floating, operations));
		}

		/** An integer operation, or a move, with aligned operands. */
		void define(Mnemonic mnemonic, LaneOperation operation) {
			define(mnemonic, Result.FIRST_OPERAND, Alignment.ALIGNED, false, i -> operation);
		}

		/** As {@link #define(Mnemonic, LaneOperation)}, where the instruction decides what the operation is. */
		void byInstruction(Mnemonic mnemonic, LaneOperation.ByInstruction operations) {
			define(mnemonic, Result.FIRST_OPERAND, Alignment.ALIGNED, false, operations);
		}

		/** An operation whose operands in memory may lie anywhere. */
		void unaligned(Mnemonic mnemonic, LaneOperation operation) {
			define(mnemonic, Result.FIRST_OPERAND, Alignment.ANY, false, i -> operation);
		}

		/** An operation that computes under MXCSR. */
		void floating(Mnemonic mnemonic, LaneOperation operation) {
			define(mnemonic, Result.FIRST_OPERAND, Alignment.ALIGNED, true, i -> operation);
		}
	}
}
