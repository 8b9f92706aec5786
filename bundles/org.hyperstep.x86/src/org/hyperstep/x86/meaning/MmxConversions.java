/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.VectorOperand.HIGH;
import static org.hyperstep.x86.meaning.VectorOperand.LOW;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.Meaning;

/** Conversions between two doublewords in an MMX register and singles or doubles in an XMM register. */
final class MmxConversions {
	private MmxConversions() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.CVTPI2PS, fromIntegers(false));
		table.define(Mnemonic.CVTPI2PD, fromIntegers(true));
		table.define(Mnemonic.CVTPS2PI, toIntegers(false, false));
		table.define(Mnemonic.CVTTPS2PI, toIntegers(false, true));
		table.define(Mnemonic.CVTPD2PI, toIntegers(true, false));
		table.define(Mnemonic.CVTTPD2PI, toIntegers(true, true));
	}

	private static Meaning fromIntegers(boolean wide) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), false);
				long source = p.scratch()[LOW];
				FloatUnit unit = FloatVectors.begin(p);
				long first = unit.fromInteger((int) source, wide);
				long second = unit.fromInteger(source >> 32, wide);
				FloatVectors.finish(p, unit);
				long high = wide ? second : p.state().extended.xmm[2 * d + 1];
				VectorOperand.writeXmm(p, d, wide ? first : first | second << 32, high);
			});
		};
	}

	private static Meaning toIntegers(boolean wide, boolean truncate) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), true);
				long[] source = p.scratch();
				FloatUnit unit = FloatVectors.begin(p);
				long first = wide ? source[LOW] : source[LOW] & 0xffff_ffffL;
				long second = wide ? source[HIGH] : source[LOW] >>> 32;
				long low = unit.toInteger(first, wide, 32, truncate);
				long high = unit.toInteger(second, wide, 32, truncate);
				FloatVectors.finish(p, unit);
				VectorOperand.writeMmx(p, d, low | high << 32);
			});
		};
	}
}
