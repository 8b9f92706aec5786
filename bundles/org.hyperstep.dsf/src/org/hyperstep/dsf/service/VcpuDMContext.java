/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IDisassembly.IDisassemblyDMContext;
import org.eclipse.cdt.dsf.debug.service.IMemory.IMemoryDMContext;
import org.eclipse.cdt.dsf.debug.service.IProcesses.IThreadDMContext;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.jdt.annotation.Nullable;

/** A virtual CPU, with the memory and the code as its paging structures and its mode show them. */
@Immutable
public final class VcpuDMContext extends AbstractDMContext
		implements IExecutionDMContext, IThreadDMContext, IMemoryDMContext, IDisassemblyDMContext {
	private final int cpu;

	VcpuDMContext(GuestDMContext guest, int cpu) {
		super(guest.getSessionId(), new IDMContext[] { guest });
		this.cpu = cpu;
	}

	/** Its number, from 0. */
	public int cpu() {
		return cpu;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return baseEquals(other) && other instanceof VcpuDMContext vcpu && vcpu.cpu == cpu;
	}

	@Override
	public int hashCode() {
		return 31 * baseHashCode() + cpu;
	}

	@Override
	public String toString() {
		return baseToString() + ".cpu[" + cpu + ']'; //$NON-NLS-1$
	}
}
