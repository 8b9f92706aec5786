/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

import org.hyperstep.x86.decode.Mnemonic;
import org.junit.jupiter.api.Test;

/** Each mnemonic has a meaning, or is listed here with why it has none: it raises #UD. */
@SuppressWarnings("nls")
class MeaningsTest {
	/** Instructions of CPUID features that no processor model offers. */
	private static final String WITHOUT_FEATURE = """
			SERIALIZE CLZERO RDPRU MONITORX MWAITX
			SHA1RNDS4 SHA1NEXTE SHA1MSG1 SHA1MSG2 SHA256RNDS2 SHA256MSG1 SHA256MSG2
			GF2P8AFFINEQB GF2P8AFFINEINVQB GF2P8MULB
			""";

	private static Set<Mnemonic> named(String text) {
		Set<Mnemonic> names = EnumSet.noneOf(Mnemonic.class);
		for (String name : text.trim().split("\\s+")) {
			names.add(Mnemonic.valueOf(name));
		}
		return names;
	}

	@Test
	void everyMnemonicHasAMeaningOrIsListedAsHavingNone() {
		Set<Mnemonic> missing = new TreeSet<>(Arrays.asList(Mnemonic.values()));
		missing.removeAll(Meanings.defined());
		missing.remove(Mnemonic.INVALID);
		Set<Mnemonic> listed = new TreeSet<>(named(WITHOUT_FEATURE));
		assertEquals(listed, missing);
	}
}
