/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointsTargetDMContext;
import org.eclipse.cdt.dsf.debug.service.IDisassembly.IDisassemblyDMContext;
import org.eclipse.cdt.dsf.debug.service.IMemory.IMemoryDMContext;
import org.eclipse.cdt.dsf.debug.service.IModules.ISymbolDMContext;
import org.eclipse.cdt.dsf.debug.service.IProcesses.IProcessDMContext;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerDMContext;
import org.eclipse.cdt.dsf.debug.service.ISourceLookup.ISourceLookupDMContext;
import org.eclipse.jdt.annotation.Nullable;

/**
 * The guest as a whole. Where memory or code is asked for, what its first virtual CPU sees is meant: that is what a user
 * who has selected the guest, and no CPU, expects.
 */
@Immutable
public final class GuestDMContext extends AbstractDMContext
		implements IContainerDMContext, IProcessDMContext, IBreakpointsTargetDMContext, ISymbolDMContext,
		ISourceLookupDMContext, IMemoryDMContext, IDisassemblyDMContext {
	private static final IDMContext[] NO_PARENTS = {};

	GuestDMContext(String sessionId) {
		super(sessionId, NO_PARENTS);
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
		return baseToString() + ".guest"; //$NON-NLS-1$
	}
}
