/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.meaning.PackedTable.Section;

/**
 * SSE4A, which AMD's processors alone have. A field that does not lie within 64 bits is undefined, and so is the upper
 * half of the destination, which stays here (AMD APM volume 4, "EXTRQ" and "INSERTQ").
 */
final class BitFields {
	private BitFields() {
	}

	static void define(Section rows) {
		rows.byInstruction(Mnemonic.EXTRQ, i -> {
			if (i.operands().size() == 2) {
				return lane -> lane.set(extract(lane.aLow, (int) lane.bLow, (int) (lane.bLow >>> 8)), 0);
			}
			int length = immediate(i, 1);
			int index = immediate(i, 2);
			return lane -> lane.set(extract(lane.aLow, length, index), 0);
		});
		rows.byInstruction(Mnemonic.INSERTQ, i -> {
			if (i.operands().size() == 2) {
				return lane -> lane
						.set(insert(lane.aLow, lane.bLow, (int) lane.bHigh, (int) (lane.bHigh >>> 8)), 0);
			}
			int length = immediate(i, 2);
			int index = immediate(i, 3);
			return lane -> lane.set(insert(lane.aLow, lane.bLow, length, index), 0);
		});
		rows.define(Mnemonic.MOVNTSS, lane -> lane.low = lane.bLow);
		rows.define(Mnemonic.MOVNTSD, lane -> lane.low = lane.bLow);
	}

	private static int immediate(Instruction i, int operand) {
		return (int) ((Operand.Imm) i.operand(operand)).value();
	}

	/** So many low bits; 0 stands for 64. */
	private static long mask(int length) {
		return -1L >>> (64 - length & 63);
	}

	private static long extract(long value, int length, int index) {
		return value >>> (index & 63) & mask(length);
	}

	private static long insert(long into, long from, int length, int index) {
		long mask = mask(length) << (index & 63);
		return into & ~mask | from << (index & 63) & mask;
	}
}
