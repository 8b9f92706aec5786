/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;

/**
 * Whose translations the TLB holds: those of the bottom's last guest, by its identifier (VPID, ASID) and the root of its
 * second level. They stay at an entry whose guest is the same and whose registers say the same of paging.
 */
public final class CachedTranslations {
	private final Mmu mmu;
	private final CpuState state;
	private long identifier;
	private long root;
	private long cr0, cr3, cr4, efer, dr7;

	/** Nobody's yet. */
	public CachedTranslations(Mmu mmu, CpuState state) {
		this.mmu = mmu;
		this.state = state;
	}

	/** Before guest state is loaded. */
	public void rememberRegisters() {
		cr0 = state.cr0;
		cr3 = state.cr3;
		cr4 = state.cr4;
		efer = state.efer;
		dr7 = state.dr7;
	}

	/** Whether the registers that translations and breakpoints depend on are those of {@link #rememberRegisters}. */
	public boolean sameRegisters() {
		return cr0 == state.cr0 && cr3 == state.cr3 && cr4 == state.cr4 && efer == state.efer && dr7 == state.dr7;
	}

	/** The guest state of an entry is in the registers; {@code keep} is whether the guest's translations may stay. */
	public void entered(long newIdentifier, long newRoot, boolean keep) {
		if (keep && newIdentifier == identifier && newRoot == root) {
			mmu.privilegeChanged();
		} else {
			mmu.stateReplaced();
		}
		identifier = newIdentifier;
		root = newRoot;
	}
}
