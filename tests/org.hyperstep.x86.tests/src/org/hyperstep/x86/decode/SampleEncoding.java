/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.io.ByteArrayOutputStream;

import org.hyperstep.x86.decode.InstructionForm.Mod;
import org.hyperstep.x86.decode.InstructionForm.Validity;

/** An encoding of a row of the instruction table, made from the row alone. */
public final class SampleEncoding {

	/** A reg field that names a register of every kind and an instruction of no group. */
	private static final int FREE_REG = 2;
	private static final int OPERAND_BYTES = 10;
	private static final int RM_OF_SIB = 4, SIB_WITH_INDEX_1 = 8;

	private SampleEncoding() {
	}

	/** A mode in which the row exists. */
	public static CodeSize mode(InstructionForm form) {
		return form.validity() == Validity.NOT_IN_64_BIT_MODE ? CodeSize.CODE32 : CodeSize.CODE64;
	}

	/** The row's encoding for its opcode number {@code index}, with zeros behind it. */
	public static byte[] of(InstructionForm form, int index) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int map = form.opcode() >> 8;
		if (map >= VexPrefix.MAP_0F) {
			writeVex(form, map - VexPrefix.MAP_0F + 1, bytes);
		} else {
			writePrefixes(form, bytes);
			writeEscape(map, bytes);
		}
		bytes.write(form.opcode() + index);
		if (form.hasModRm()) {
			bytes.write(modRm(form));
		}
		if (isVectorIndexed(form)) {
			bytes.write(SIB_WITH_INDEX_1);
		}
		bytes.writeBytes(new byte[OPERAND_BYTES]);
		return bytes.toByteArray();
	}

	private static void writeEscape(int map, ByteArrayOutputStream bytes) {
		if (map != 0) {
			bytes.write(0x0f);
		}
		if (map == 0x38 || map == 0x3a) {
			bytes.write(map);
		}
	}

	private static void writeVex(InstructionForm form, int map, ByteArrayOutputStream bytes) {
		int mandatory = Integer.numberOfTrailingZeros(form.prefixes());
		bytes.write(0xc4);
		bytes.write(0xe0 | map);
		bytes.write((form.rexW() == 1 ? 0x80 : 0) | 0x78 | (form.vectorLength() == 1 ? 4 : 0) | mandatory);
	}

	private static void writePrefixes(InstructionForm form, ByteArrayOutputStream bytes) {
		boolean none = form.prefixes() == 0 || (form.prefixes() & InstructionForm.NO_PREFIX) != 0;
		if (!none) {
			bytes.write((form.prefixes() & InstructionForm.PREFIX_66) != 0 ? 0x66
					: (form.prefixes() & InstructionForm.PREFIX_F3) != 0 ? 0xf3 : 0xf2);
		}
		int rex = (form.rexB() == 1 ? 0x41 : 0) | (form.rexW() == 1 ? 0x48 : 0);
		if (rex != 0) {
			bytes.write(rex);
		}
	}

	private static int modRm(InstructionForm form) {
		if (form.modRm() >= 0) {
			return form.modRm();
		}
		int reg = (form.extension() < 0 ? FREE_REG : form.extension()) << 3;
		return form.mod() == Mod.REGISTER ? 0xc0 | reg : isVectorIndexed(form) ? reg | RM_OF_SIB : reg;
	}

	private static boolean isVectorIndexed(InstructionForm form) {
		return form.specs().stream().anyMatch(spec -> spec.addressing() == OperandSpec.Addressing.VECTOR_INDEXED);
	}
}
