/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.FloatVectors.Shape;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** VCMPPS, VCMPPD, VCMPSS and VCMPSD with their 32 predicates ("Comparison Predicate for VCMPPD and VCMPPS Instructions"). */
@SuppressWarnings("nls")
final class VexComparisons {
	private static final int LESS = 1, EQUAL = 2, GREATER = 4, UNORDERED = 8;
	/** For which orders a predicate holds; those from 10H on are the same. */
	private static final int[] HOLDS = { EQUAL, LESS, LESS | EQUAL, UNORDERED, LESS | GREATER | UNORDERED,
			EQUAL | GREATER | UNORDERED, GREATER | UNORDERED, LESS | EQUAL | GREATER, EQUAL | UNORDERED,
			LESS | UNORDERED, LESS | EQUAL | UNORDERED, 0, LESS | GREATER, EQUAL | GREATER, GREATER,
			LESS | EQUAL | GREATER | UNORDERED };
	/** Predicates below 10H that raise the invalid exception for quiet NaNs; above, the others do. */
	private static final int SIGNALLING = 1 << 1 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 9 | 1 << 0xa | 1 << 0xd | 1 << 0xe;

	private VexComparisons() {
	}

	static void define(Section rows) {
		for (Shape shape : Shape.values()) {
			rows.define(Mnemonic.valueOf("VCMP" + shape), Result.FIRST_OPERAND, Alignment.ANY, true,
					i -> comparing(shape, VectorOperand.immediate(i) & 31));
		}
	}

	private static LaneOperation comparing(Shape shape, int predicate) {
		int holds = HOLDS[predicate & 15];
		boolean signals = (SIGNALLING >> (predicate & 15) & 1) != predicate >> 4;
		return FloatVectors.elements(shape, (unit, a, b) -> {
			int order = unit.compare(a, b, shape.wide, signals);
			// -1, 0, 1, 2: less, equal, greater, unordered.
			return (holds >> order + 1 & 1) != 0 ? -1 : 0;
		});
	}
}
