/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.Arrays;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.ExtendedState;

/** VZEROUPPER, VZEROALL, VLDMXCSR, VSTMXCSR and VMASKMOVDQU. */
final class VexState {
	private VexState() {
	}

	static void define(Meanings table) {
		VexTable.define(table, Mnemonic.VZEROUPPER, (block, i) -> {
			int registers = i.codeSize() == CodeSize.CODE64 ? 16 : 8;
			VexOperands.emit(block, i,
					(p, instruction) -> Arrays.fill(p.state().extended.ymmUpper, 0, 2 * registers, 0));
		});
		VexTable.define(table, Mnemonic.VZEROALL, (block, i) -> {
			int registers = i.codeSize() == CodeSize.CODE64 ? 16 : 8;
			VexOperands.emit(block, i, (p, instruction) -> {
				ExtendedState state = p.state().extended;
				Arrays.fill(state.xmm, 0, 2 * registers, 0);
				Arrays.fill(state.ymmUpper, 0, 2 * registers, 0);
			});
		});
		compareStrings(table, Mnemonic.VPCMPESTRI, true, true);
		compareStrings(table, Mnemonic.VPCMPESTRM, true, false);
		compareStrings(table, Mnemonic.VPCMPISTRI, false, true);
		compareStrings(table, Mnemonic.VPCMPISTRM, false, false);
		VexTable.define(table, Mnemonic.VLDMXCSR, (block, i) -> {
			if (VexOperands.requireAvx(block)) {
				X87Control.emitLoadMxcsr(block, i);
			}
		});
		VexTable.define(table, Mnemonic.VSTMXCSR, (block, i) -> {
			if (VexOperands.requireAvx(block)) {
				X87Control.emitStoreMxcsr(block, i);
			}
		});
		VexTable.define(table, Mnemonic.VMASKMOVDQU, (block, i) -> {
			if (VexOperands.requireAvx(block)) {
				block.callInline(MaskedStores.routine(i));
			}
		});
	}

	/** A mask goes to YMM0, whose upper half becomes zero. */
	private static void compareStrings(Meanings table, Mnemonic mnemonic, boolean explicit, boolean index) {
		VexTable.define(table, mnemonic, (block, i) -> {
			Routine compare = StringComparisons.routine(i, explicit, index);
			VexOperands.emit(block, i, index ? compare : (p, instruction) -> {
				compare.run(p, instruction);
				Arrays.fill(p.state().extended.ymmUpper, 0, 2, 0);
			});
		});
	}
}
