/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.hyperstep.symbols.Symbol;

/** How an address reads by its symbol: {@code main} or {@code main+0x1c}. Any thread. */
public final class SymbolText {
	private SymbolText() {
	}

	/** The symbol's name, with the distance of a linear address behind its beginning. */
	public static String of(Symbol symbol, long linear) {
		long offset = linear - symbol.linear();
		return offset == 0 ? symbol.name() : symbol.name() + "+0x" + Long.toHexString(offset); //$NON-NLS-1$
	}
}
