/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.List;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/**
 * Instructions of VMX executed by emulated code. The context that intercepts decides; where it does not leave
 * the guest they raise #UD, as without VMX operation.
 */
final class Virtualization {
	private Virtualization() {
	}

	static void define(Meanings table) {
		List.of(Mnemonic.VMCALL, Mnemonic.VMLAUNCH, Mnemonic.VMRESUME, Mnemonic.VMXOFF, Mnemonic.VMXON,
				Mnemonic.VMPTRLD,
				Mnemonic.VMPTRST, Mnemonic.VMCLEAR, Mnemonic.VMREAD, Mnemonic.VMWRITE, Mnemonic.INVEPT,
				Mnemonic.INVVPID, Mnemonic.VMFUNC, Mnemonic.RSM)
				.forEach(mnemonic -> {
					InterceptedInstruction intercepted = InterceptedInstruction.valueOf(mnemonic.name());
					table.define(mnemonic, (block, i) -> block
							.call((processor, instruction) -> execute(processor, instruction, intercepted)));
				});
	}

	private static void execute(Processor processor, Instruction i, InterceptedInstruction intercepted) {
		processor.interception().instruction(intercepted, i.length(), 0);
		throw processor.fault().undefinedInstruction();
	}
}
