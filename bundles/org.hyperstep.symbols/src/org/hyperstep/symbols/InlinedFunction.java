/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.util.List;

/**
 * One expansion of an inlined function inside another function (DW_TAG_inlined_subroutine).
 *
 * @param name the inlined function
 * @param ranges the code of this expansion
 * @param callLine line of the call in the enclosing function, 0 if unknown
 */
public record InlinedFunction(String name, List<AddressRange> ranges, int callLine) {

	public InlinedFunction {
		ranges = List.copyOf(ranges);
	}

	InlinedFunction moved(long slide) {
		return slide == 0 ? this
				: new InlinedFunction(name, ranges.stream().map(r -> r.moved(slide)).toList(), callLine);
	}
}
