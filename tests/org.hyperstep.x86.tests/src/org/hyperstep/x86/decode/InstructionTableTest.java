/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.hyperstep.x86.decode.InstructionForm.Validity;
import org.junit.jupiter.api.Test;

/** Every row of the instruction table is reachable and complete. */
@SuppressWarnings("nls")
class InstructionTableTest {

	@Test
	void eachRowDecodesFromItsOwnEncoding() {
		for (InstructionForm form : InstructionTable.forms()) {
			for (int i = 0; i < form.count(); i++) {
				byte[] code = SampleEncoding.of(form, i);
				Instruction instruction = Decoder.decode(SampleEncoding.mode(form), code, 0, code.length);
				assertEquals(Legality.LEGAL, instruction.legality(), form::toString);
				assertEquals(form, instruction.form());
				assertEquals(form.mnemonic(), instruction.mnemonic());
				assertEquals(form.specs().size(), instruction.operands().size());
			}
		}
	}

	@Test
	void rowOfOneModeIsNotFoundInTheOther() {
		for (InstructionForm form : InstructionTable.forms()) {
			if (form.validity() != Validity.EVERYWHERE) {
				CodeSize other = form.validity() == Validity.NOT_IN_64_BIT_MODE ? CodeSize.CODE64 : CodeSize.CODE32;
				byte[] code = SampleEncoding.of(form, 0);
				assertNotEquals(form, Decoder.decode(other, code, 0, code.length).form());
			}
		}
	}

	@Test
	void noTwoRowsClaimOneEncoding() {
		for (InstructionForm form : InstructionTable.forms()) {
			for (int i = 0; i < form.count(); i++) {
				InstructionTable.slot(false, form.opcode() + i);
				InstructionTable.slot(true, form.opcode() + i);
			}
		}
	}

	@Test
	void ambiguousRowsAreRefused() {
		List<InstructionForm> rows = List.of(RowParser.parse("0f09 WBINVD - np,66"), RowParser.parse("0f09 INVD - 66"));
		assertThrows(IllegalStateException.class, () -> new OpcodeSlot(rows));
	}

	@Test
	void eachMnemonicHasARow() {
		Set<Mnemonic> missing = EnumSet.allOf(Mnemonic.class);
		missing.remove(Mnemonic.INVALID);
		InstructionTable.forms().forEach(form -> missing.remove(form.mnemonic()));
		assertTrue(missing.isEmpty(), missing::toString);
	}

	@Test
	void lockableRowsHaveADestinationThatCanBeInMemory() {
		for (InstructionForm form : InstructionTable.forms()) {
			if (form.lockable()) {
				OperandSpec.Addressing destination = form.specs().get(0).addressing();
				assertTrue(destination == OperandSpec.Addressing.RM || destination == OperandSpec.Addressing.MEMORY,
						form::toString);
			}
		}
	}

	@Test
	void unknownNotationIsRefused() {
		assertThrows(IllegalArgumentException.class, () -> RowParser.parse("90 NOP - lokc"));
		assertThrows(IllegalArgumentException.class, () -> RowParser.parse("90 NOP Ek"));
		assertThrows(IllegalArgumentException.class, () -> RowParser.parse("90 NOPE -"));
	}
}
