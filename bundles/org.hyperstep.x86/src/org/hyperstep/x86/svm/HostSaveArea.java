/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.svm.VmcbField.Group;

/**
 * The page at VM_HSAVE_PA: what VMRUN saves of the host and #VMEXIT loads again (AMD APM volume 2, "Host Save Area",
 * "#VMEXIT"). Its layout is the processor's own: here the state save area's of a VMCB.
 */
final class HostSaveArea {
	private final CpuState state;
	private final PhysicalMemory memory;
	private final Vmcb area = new Vmcb();

	HostSaveArea(CpuState state, PhysicalMemory memory, int linearAddressBits) {
		this.state = state;
		this.memory = memory;
		area.linearAddressBits = linearAddressBits;
		// The host's PAT is saved and loaded with the rest.
		area.write(NP_ENABLE, Vmcb.NESTED_PAGING);
	}

	/**
	 * Saves the host's state.
	 *
	 * @param hostPhysical the page
	 * @param nextRip      of the instruction behind VMRUN, which completes with RF clear
	 */
	void save(long hostPhysical, long nextRip) {
		StateSaveArea.save(state, area);
		area.write(RIP, nextRip);
		area.write(RFLAGS, state.rflags & ~CpuState.RF);
		BranchRecords.save(state, area);
		area.writeTo(memory, hostPhysical, Group.VMRUN);
	}

	/** Loads the branch records of the host, where the guest has had its own. */
	void loadBranchRecords() {
		BranchRecords.load(area, state);
	}

	/** RFLAGS.IF of the host, as last saved. */
	boolean interruptFlag() {
		return (area.read(RFLAGS) & CpuState.IF) != 0;
	}

	/** A field of the host's state, as last saved. */
	long saved(VmcbField field) {
		return area.read(field);
	}

	/** Loads the host's state; CR2 and DR6 stay the guest's, and all breakpoints are disabled. */
	void load(long hostPhysical) {
		area.readFrom(memory, hostPhysical, Group.VMRUN);
		long cr2 = state.cr2;
		long dr6 = state.dr6;
		StateSaveArea.load(area, state);
		state.cr0 |= CpuState.CR0_PE;
		state.rflags &= ~CpuState.VM;
		state.cpl = 0;
		state.cr2 = cr2;
		state.dr6 = dr6;
		state.dr7 = 0x400;
		state.activity = Activity.ACTIVE;
	}
}
