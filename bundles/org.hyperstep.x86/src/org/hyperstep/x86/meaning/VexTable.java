/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.Meaning;

/** Meanings of the VEX-encoded vector instructions. Most are the operations of the legacy instruction of the same name. */
@SuppressWarnings("nls")
final class VexTable {
	/** They are the last ones of the enumeration. */
	private static final Mnemonic FIRST = Mnemonic.VSQRTPS;

	private VexTable() {
	}

	static void define(Meanings table) {
		for (Mnemonic mnemonic : Mnemonic.values()) {
			PackedRow row = isVex(mnemonic) ? row(mnemonic) : null;
			if (row != null) {
				define(table, mnemonic, (block, i) -> VexLanes.emit(block, i, row));
			}
		}
		VexPermutations.define(table);
		VexMaskedMoves.define(table);
		VexGathers.define(table);
		VexState.define(table);
	}

	/** Whether a mnemonic is that of a vector instruction with VEX prefix. VERR and the like have opcodes of their own. */
	static boolean isVex(Mnemonic mnemonic) {
		return mnemonic.ordinal() >= FIRST.ordinal();
	}

	/** Adds a row that raises #UD where one of its features is missing. */
	static void define(Meanings table, Mnemonic mnemonic, Meaning meaning) {
		table.define(mnemonic, VexFeatures::of, meaning);
	}

	/** The row that is VEX's alone, or that of the legacy form. */
	private static @Nullable PackedRow row(Mnemonic mnemonic) {
		PackedRow own = PackedTable.row(mnemonic);
		if (own != null) {
			return own;
		}
		for (Mnemonic legacy : Mnemonic.values()) {
			if (mnemonic.name().substring(1).equals(legacy.name())) {
				return PackedTable.row(legacy);
			}
		}
		return null;
	}
}
