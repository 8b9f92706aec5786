/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;

/** Instructions of SVM. */
final class SecureVirtualMachine {
	private SecureVirtualMachine() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.VMRUN,
				(block, i) -> block.call((p, instruction) -> p.svm().vmrun(instruction.addressSize(),
						instruction.length())));
		table.define(Mnemonic.VMLOAD,
				(block, i) -> block.call((p, instruction) -> p.svm().vmload(instruction.addressSize(),
						instruction.length())));
		table.define(Mnemonic.VMSAVE,
				(block, i) -> block.call((p, instruction) -> p.svm().vmsave(instruction.addressSize(),
						instruction.length())));
		table.define(Mnemonic.INVLPGA,
				(block, i) -> block.call((p, instruction) -> p.svm().invlpga(instruction.addressSize(),
						instruction.length())));
		table.define(Mnemonic.VMMCALL,
				(block, i) -> block.call((p, instruction) -> p.svm().vmmcall(instruction.length())));
		table.define(Mnemonic.STGI,
				(block, i) -> block.call((p, instruction) -> p.svm().stgi(instruction.length())));
		table.define(Mnemonic.CLGI,
				(block, i) -> block.call((p, instruction) -> p.svm().clgi(instruction.length())));
		table.define(Mnemonic.SKINIT,
				(block, i) -> block.call((p, instruction) -> p.svm().skinit(instruction.length())));
	}
}
