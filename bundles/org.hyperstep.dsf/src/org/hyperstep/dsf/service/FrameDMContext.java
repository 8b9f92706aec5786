/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMContext;
import org.eclipse.jdt.annotation.Nullable;

/** A frame of a virtual CPU's stack, by its level. */
@Immutable
public final class FrameDMContext extends AbstractDMContext implements IFrameDMContext {
	private final int level;

	FrameDMContext(VcpuDMContext vcpu, int level) {
		super(vcpu.getSessionId(), new IDMContext[] { vcpu });
		this.level = level;
	}

	@Override
	public int getLevel() {
		return level;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return baseEquals(other) && other instanceof FrameDMContext frame && frame.level == level;
	}

	@Override
	public int hashCode() {
		return 31 * baseHashCode() + level;
	}

	@Override
	public String toString() {
		return baseToString() + ".frame[" + level + ']'; //$NON-NLS-1$
	}
}
