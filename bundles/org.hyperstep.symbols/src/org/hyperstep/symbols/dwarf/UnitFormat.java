/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

/**
 * What the sizes of values depend on (DWARF, "32-Bit and 64-Bit DWARF Formats").
 *
 * @param version of the unit
 * @param dwarf64 whether offsets take 8 bytes
 * @param addressSize of the target, in bytes
 */
record UnitFormat(int version, boolean dwarf64, int addressSize) {

	int offsetSize() {
		return dwarf64 ? 8 : 4;
	}
}
