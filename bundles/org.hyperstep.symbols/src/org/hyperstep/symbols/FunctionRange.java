/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.util.List;

/**
 * The code of one function, as the debug information or else the symbol table has it.
 *
 * @param name as in the source (DW_AT_name) or, without debug information, as in the symbol table
 * @param low address of the first instruction executed
 * @param ranges the code, not empty; more than one range when the compiler split the function
 */
public record FunctionRange(String name, long low, List<AddressRange> ranges) {

	public FunctionRange {
		ranges = List.copyOf(ranges);
	}

	/** End of the range that begins at the entry. */
	public long high() {
		for (AddressRange range : ranges) {
			if (range.contains(low)) {
				return range.high();
			}
		}
		return low;
	}

	public boolean contains(long linear) {
		return ranges.stream().anyMatch(range -> range.contains(linear));
	}

	FunctionRange moved(long slide) {
		return slide == 0 ? this
				: new FunctionRange(name, low + slide, ranges.stream().map(r -> r.moved(slide)).toList());
	}
}
