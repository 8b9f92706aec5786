/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.eclipse.jdt.annotation.Nullable;

/** Names addresses in formatted instructions: branch targets and addresses relative to RIP. */
@FunctionalInterface
public interface SymbolResolver {

	/** Names nothing. */
	SymbolResolver NONE = address -> null;

	/**
	 * What lies at this address, without angle brackets: {@code main} or {@code main+0x1c}.
	 *
	 * @param address linear address, truncated to the width of the instruction pointer
	 * @return null if no symbol covers it
	 */
	@Nullable
	String symbolAt(long address);
}
