/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionTable;
import org.hyperstep.x86.decode.SampleEncoding;
import org.junit.jupiter.api.Test;

/** Every row of the instruction table has a text in both syntaxes. */
@SuppressWarnings("nls")
class FormatCompletenessTest {

	@Test
	void eachRowHasTextInBothSyntaxes() {
		for (InstructionForm form : InstructionTable.forms()) {
			byte[] code = SampleEncoding.of(form, 0);
			Instruction instruction = Decoder.decode(SampleEncoding.mode(form), code, 0, code.length);
			for (InstructionFormatter formatter : List.of(new IntelFormatter(), new AttFormatter())) {
				String text = formatter.format(instruction, 0, SymbolResolver.NONE);
				assertFalse(text.isBlank() || text.contains("_") || text.contains(InstructionFormatter.BAD), text);
				assertTrue(text.equals(text.toLowerCase(java.util.Locale.ROOT)) || text.contains(" PTR "), text);
			}
		}
	}
}
