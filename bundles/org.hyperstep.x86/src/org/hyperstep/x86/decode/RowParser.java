/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.x86.decode.InstructionForm.Mod;
import org.hyperstep.x86.decode.InstructionForm.Repetition;
import org.hyperstep.x86.decode.InstructionForm.Sizing;
import org.hyperstep.x86.decode.InstructionForm.Validity;

/** Reads a row of the instruction table. */
@SuppressWarnings("nls")
final class RowParser {

	private final String row;
	private int opcode;
	private int count = 1;
	private int prefixes;
	private int extension = -1;
	private int modRm = -1;
	private int rexB = -1;
	private int rexW = -1;
	private int vectorLength = -1;
	private boolean lockable;
	private Mod mod = Mod.ANY;
	private Validity validity = Validity.EVERYWHERE;
	private Sizing sizing = Sizing.NORMAL;
	private Repetition repetition = Repetition.NONE;

	private RowParser(String row) {
		this.row = row;
	}

	/** @throws IllegalArgumentException if the row breaks the notation */
	static InstructionForm parse(String row) {
		return new RowParser(row).form();
	}

	private InstructionForm form() {
		String[] columns = row.split(" ");
		parseEncoding(columns[0]);
		List<OperandSpec> specs = new ArrayList<>();
		if (!columns[2].equals("-")) {
			for (String operand : columns[2].split(",")) {
				specs.add(OperandSpec.parse(operand));
			}
		}
		for (int i = 3; i < columns.length; i++) {
			for (String flag : columns[i].split(",")) {
				parseFlag(flag);
			}
		}
		for (OperandSpec spec : specs) {
			constrainMod(spec);
		}
		return new InstructionForm(Mnemonic.valueOf(columns[1]), opcode, count, prefixes, extension, mod, modRm,
				validity, sizing, rexB, rexW, vectorLength, lockable, repetition, List.copyOf(specs));
	}

	private void parseEncoding(String encoding) {
		String bytes = encoding;
		int mark = encoding.indexOf('/');
		if (mark > 0) {
			extension = Integer.parseInt(encoding.substring(mark + 1));
			bytes = encoding.substring(0, mark);
		}
		mark = encoding.indexOf(':');
		if (mark > 0) {
			modRm = Integer.parseInt(encoding.substring(mark + 1), 16);
			bytes = encoding.substring(0, mark);
		}
		mark = bytes.indexOf('.');
		if (bytes.endsWith("+")) {
			count = 8;
			bytes = bytes.substring(0, bytes.length() - 1);
		} else if (mark > 0) {
			int last = Integer.parseInt(bytes.substring(mark + 2), 16);
			bytes = bytes.substring(0, mark);
			count = last - Integer.parseInt(bytes.substring(mark - 2), 16) + 1;
		}
		opcode = bytes.charAt(0) == 'v' ? vexOpcode(bytes.substring(1)) : opcode(bytes);
	}

	private static int vexOpcode(String bytes) {
		int plain = opcode(bytes);
		int map = switch (plain >> 8) {
			case 0x0f -> VexPrefix.MAP_0F;
			case 0x38 -> VexPrefix.MAP_0F + 1;
			case 0x3a -> VexPrefix.MAP_0F + 2;
			default -> throw new IllegalArgumentException("VEX opcode " + bytes);
		};
		return map << 8 | plain & 0xff;
	}

	/** The last byte is the opcode; the one before it, where there is one, is the map. */
	private static int opcode(String bytes) {
		return Integer.parseInt(bytes.length() > 4 ? bytes.substring(bytes.length() - 4) : bytes, 16);
	}

	private void parseFlag(String flag) {
		switch (flag) {
			case "lock" -> lockable = true;
			case "rep" -> repetition = Repetition.COUNT;
			case "repc" -> repetition = Repetition.COMPARE;
			case "i64" -> validity = Validity.NOT_IN_64_BIT_MODE;
			case "o64" -> validity = Validity.ONLY_IN_64_BIT_MODE;
			case "d64" -> sizing = Sizing.DEFAULT_64;
			case "f64" -> sizing = Sizing.FORCED_64;
			case "z" -> sizing = Sizing.AT_MOST_32;
			case "m" -> sizing = Sizing.NATIVE;
			case "np" -> prefixes |= InstructionForm.NO_PREFIX;
			case "66" -> prefixes |= InstructionForm.PREFIX_66;
			case "f3" -> prefixes |= InstructionForm.PREFIX_F3;
			case "f2" -> prefixes |= InstructionForm.PREFIX_F2;
			case "mem" -> mod = Mod.MEMORY;
			case "reg" -> mod = Mod.REGISTER;
			case "b0", "b1" -> rexB = flag.charAt(1) - '0';
			case "w0", "w1" -> rexW = flag.charAt(1) - '0';
			case "l0", "l1" -> vectorLength = flag.charAt(1) - '0';
			default -> throw new IllegalArgumentException(flag + " in " + row);
		}
	}

	private void constrainMod(OperandSpec spec) {
		switch (spec.addressing()) {
			case MEMORY, VECTOR_INDEXED -> mod = Mod.MEMORY;
			case MMX_RM_REGISTER, XMM_RM_REGISTER, X87 -> mod = Mod.REGISTER;
			default -> {
				// The others allow both.
			}
		}
	}
}
