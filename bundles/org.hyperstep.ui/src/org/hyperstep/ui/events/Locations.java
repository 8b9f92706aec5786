/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.HashMap;
import java.util.Map;

import org.hyperstep.debug.Target;
import org.hyperstep.debug.engine.SymbolText;

/** Names for the addresses of events, which repeat themselves. Confined to one thread. */
final class Locations {
	private static final int MOST = 1 << 16;

	private final Target guest;
	private final Map<Long, String> known = new HashMap<>();

	Locations(Target guest) {
		this.guest = guest;
	}

	/** The symbol at a linear address with the distance from its beginning; empty where there is none. */
	String of(long linear) {
		if (known.size() > MOST) {
			known.clear();
		}
		return known.computeIfAbsent(Long.valueOf(linear),
				address -> guest.symbols().symbolAt(linear).map(symbol -> SymbolText.of(symbol, linear)).orElse("")); //$NON-NLS-1$
	}
}
