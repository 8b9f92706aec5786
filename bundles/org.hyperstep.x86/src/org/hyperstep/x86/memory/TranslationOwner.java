/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.CpuState;

/** Under what the entries of a suspended TLB were made: the context, and the registers that translations depend on. */
final class TranslationOwner {
	private @Nullable TranslationContext context;
	private long cr0;
	private long cr3;
	private long cr4;
	private long efer;

	/** The level is left; the registers are its own. */
	void suspend(TranslationContext present, CpuState state) {
		context = present;
		cr0 = state.cr0;
		cr3 = state.cr3;
		cr4 = state.cr4;
		efer = state.efer;
	}

	/** Whether the entries are right for a level that is entered with these registers. */
	boolean fits(TranslationContext entered, CpuState state) {
		boolean pdptes = (state.cr0 & CpuState.CR0_PG) != 0 && (state.cr4 & CpuState.CR4_PAE) != 0
				&& (state.efer & CpuState.EFER_LMA) == 0;
		return !pdptes && entered.equals(context) && cr0 == state.cr0 && cr3 == state.cr3 && cr4 == state.cr4
				&& efer == state.efer;
	}
}
