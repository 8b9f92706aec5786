/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IMemory.IMemoryDMContext;
import org.eclipse.jdt.annotation.Nullable;

/** The guest's physical address space. */
@Immutable
public final class PhysicalMemoryDMContext extends AbstractDMContext implements IMemoryDMContext {

	PhysicalMemoryDMContext(GuestDMContext guest) {
		super(guest.getSessionId(), new IDMContext[] { guest });
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return baseEquals(other);
	}

	@Override
	public int hashCode() {
		return baseHashCode();
	}

	@Override
	public String toString() {
		return baseToString() + ".physical"; //$NON-NLS-1$
	}
}
