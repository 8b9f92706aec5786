/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * What #VMEXIT checks of the host's state that it has loaded: software may have written to the host save area. Where it
 * is inconsistent the processor shuts down ("#VMEXIT").
 */
final class HostStateCheck {
	private static final long CR0_ALLOWED = 0xffff_ffffL;

	private HostStateCheck() {
	}

	static boolean broken(CpuState state, ProcessorModel model) {
		boolean paging = (state.cr0 & CpuState.CR0_PG) != 0;
		boolean longMode = (state.efer & CpuState.EFER_LME) != 0 && paging;
		boolean reserved = (state.cr0 & ~CR0_ALLOWED) != 0 || (state.cr4 & ~model.cr4Allowed()) != 0
				|| (state.efer & ~model.eferAllowed()) != 0 || state.cr3 >>> model.physicalAddressBits() != 0;
		boolean inconsistent = (state.cr0 & CpuState.CR0_NW) != 0 && (state.cr0 & CpuState.CR0_CD) == 0
				|| longMode && (state.cr4 & CpuState.CR4_PAE) == 0
				|| longMode != ((state.efer & CpuState.EFER_LMA) != 0)
				|| (state.efer & CpuState.EFER_SVME) == 0;
		return reserved || inconsistent;
	}
}
