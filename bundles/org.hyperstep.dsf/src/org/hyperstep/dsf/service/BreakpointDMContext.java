/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointDMContext;
import org.eclipse.jdt.annotation.Nullable;

/** A breakpoint of the engine, by its number. */
@Immutable
public final class BreakpointDMContext extends AbstractDMContext implements IBreakpointDMContext {
	private final int number;

	BreakpointDMContext(GuestDMContext guest, int number) {
		super(guest.getSessionId(), new IDMContext[] { guest });
		this.number = number;
	}

	/** Its number in the engine. */
	public int number() {
		return number;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return baseEquals(other) && other instanceof BreakpointDMContext breakpoint && breakpoint.number == number;
	}

	@Override
	public int hashCode() {
		return 31 * baseHashCode() + number;
	}

	@Override
	public String toString() {
		return baseToString() + ".breakpoint[" + number + ']'; //$NON-NLS-1$
	}
}
