/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/**
 * A breakpoint as it stands now. Immutable; its number stays the same while it lives.
 *
 * @param number    from 1, unique in its target
 * @param location  where the user put it
 * @param addresses the linear (or, for a guest-physical location, guest-physical) addresses it is bound to; empty
 *                  where the image has no such symbol or line
 * @param enabled   whether it stops
 * @param hits      how often it was met
 */
public record Breakpoint(int number, BreakpointLocation location, List<Long> addresses, boolean enabled, long hits) {

	/** Whether it stands on any address. */
	public boolean bound() {
		return !addresses.isEmpty();
	}
}
