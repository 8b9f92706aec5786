/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.AAA;
import static org.hyperstep.x86.decode.Mnemonic.AAD;
import static org.hyperstep.x86.decode.Mnemonic.AAM;
import static org.hyperstep.x86.decode.Mnemonic.AAS;
import static org.hyperstep.x86.decode.Mnemonic.DAA;
import static org.hyperstep.x86.decode.Mnemonic.DAS;
import static org.hyperstep.x86.decode.Mnemonic.SALC;
import static org.hyperstep.x86.state.CpuState.AF;
import static org.hyperstep.x86.state.CpuState.CF;
import static org.hyperstep.x86.state.CpuState.PF;
import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.SF;
import static org.hyperstep.x86.state.CpuState.ZF;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.Flags;

/** Decimal arithmetic on AL and AX, as the pseudocode of each instruction's page in the manual has it. */
final class Decimal {
	private Decimal() {
	}

	static void define(Meanings table) {
		table.define(DAA, (block, i) -> block.callInline((p, instruction) -> adjustPacked(p, 1)));
		table.define(DAS, (block, i) -> block.callInline((p, instruction) -> adjustPacked(p, -1)));
		table.define(AAA, (block, i) -> block.callInline((p, instruction) -> adjustUnpacked(p, 1)));
		table.define(AAS, (block, i) -> block.callInline((p, instruction) -> adjustUnpacked(p, -1)));
		table.define(AAM, (block, i) -> block.callInline(Decimal::adjustAfterMultiplication));
		table.define(AAD, (block, i) -> block.callInline(Decimal::adjustBeforeDivision));
		table.define(SALC, (block, i) -> block.callInline((p, instruction) -> {
			long[] g = p.state().general;
			g[RAX] = g[RAX] & ~0xffL | ((Flags.get(g) & CF) != 0 ? 0xff : 0);
		}));
	}

	private static long resultFlags(long al) {
		return ((al & 0xff) == 0 ? ZF : 0) | ((al & 0x80) != 0 ? SF : 0)
				| ((Long.bitCount(al & 0xff) & 1) == 0 ? PF : 0);
	}

	private static void adjustPacked(Processor processor, int direction) {
		long[] g = processor.state().general;
		long flags = Flags.get(g);
		long old = g[RAX] & 0xff;
		long al = old;
		long newFlags = 0;
		if ((old & 15) > 9 || (flags & AF) != 0) {
			al += 6 * direction;
			newFlags |= AF;
			// A borrow or carry of this first step counts for DAS; for DAA it implies the second condition.
			if ((al & ~0xffL) != 0) {
				newFlags |= CF;
			}
		}
		if (old > 0x99 || (flags & CF) != 0) {
			al += 0x60 * direction;
			newFlags |= CF;
		}
		g[RAX] = g[RAX] & ~0xffL | al & 0xff;
		Flags.set(g, newFlags | resultFlags(al));
	}

	/** ZF, SF and PF are undefined; they come from AL. */
	private static void adjustUnpacked(Processor processor, int direction) {
		long[] g = processor.state().general;
		long ax = g[RAX] & 0xffff;
		long flags = 0;
		if ((ax & 15) > 9 || (Flags.get(g) & AF) != 0) {
			ax += 0x106 * direction;
			flags = AF | CF;
		}
		ax &= 0xff0f;
		g[RAX] = g[RAX] & ~0xffffL | ax;
		Flags.set(g, flags | resultFlags(ax));
	}

	private static long base(Instruction instruction) {
		return instruction.operand(0) instanceof Operand.Imm imm ? imm.value() & 0xff : 10;
	}

	private static void adjustAfterMultiplication(Processor processor, Instruction instruction) {
		long[] g = processor.state().general;
		long base = base(instruction);
		if (base == 0) {
			throw processor.fault().raise(Vector.DE);
		}
		long al = g[RAX] & 0xff;
		g[RAX] = g[RAX] & ~0xffffL | al / base << 8 | al % base;
		Flags.set(g, resultFlags(al % base));
	}

	private static void adjustBeforeDivision(Processor processor, Instruction instruction) {
		long[] g = processor.state().general;
		long al = (g[RAX] & 0xff) + (g[RAX] >> 8 & 0xff) * base(instruction) & 0xff;
		g[RAX] = g[RAX] & ~0xffffL | al;
		Flags.set(g, resultFlags(al));
	}
}
