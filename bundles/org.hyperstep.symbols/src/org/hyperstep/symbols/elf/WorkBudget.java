/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.util.concurrent.atomic.AtomicLong;

import org.hyperstep.symbols.SymbolFileException;

/**
 * An upper bound on work that a small file could otherwise ask for without end, by referring to the same bytes over and over.
 * Files made by tools stay far below it. Safe for all threads.
 */
public final class WorkBudget {
	private final String what;
	private final AtomicLong left;

	/**
	 * @param what the work, for the message of the failure
	 * @param limit the most units of it that may be charged
	 */
	public WorkBudget(String what, long limit) {
		this.what = what;
		this.left = new AtomicLong(limit);
	}

	/** Takes {@code amount} from the budget; {@code at} is where the demand stands in the file. */
	public void charge(long amount, Cursor at) throws SymbolFileException {
		if (left.addAndGet(-amount) < 0) {
			throw at.failure(what + " refer to the same bytes more often than any tool writes them"); //$NON-NLS-1$
		}
	}
}
