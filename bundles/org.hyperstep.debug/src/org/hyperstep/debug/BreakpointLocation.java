/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** Where a breakpoint stands. Immutable. */
public sealed interface BreakpointLocation {

	/** A linear address. */
	record Linear(long linear) implements BreakpointLocation {
	}

	/** A guest-physical address: holds in every address space and before paging is on. */
	record GuestPhysical(long guestPhysical) implements BreakpointLocation {
	}

	/** The address of a symbol; a function's first instruction. */
	record Symbol(String name) implements BreakpointLocation {
	}

	/** A source line. The file is matched by its trailing path segments. */
	record SourceLine(String file, int line) implements BreakpointLocation {
	}
}
