/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.input.Key;

/** The keyboard controller's translation of scan code set 2 into set 1. */
final class ScanCodeTranslation {
	private static final int[] SET_1 = new int[256];

	static {
		// What is no key's code, such as answers to commands, passes as it is.
		for (int code = 0; code < SET_1.length; code++) {
			SET_1[code] = code;
		}
		for (Key key : Key.values()) {
			SET_1[key.code(2) & 0xff] = key.code(1) & 0xff;
		}
	}

	private ScanCodeTranslation() {
	}

	/** The code in set 1 of a pressed key; 0xe0 and answers to commands stay as they are. */
	static int toSet1(int set2) {
		return SET_1[set2];
	}
}
