/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.EPTP_INDEX;
import static org.hyperstep.x86.vmx.VmcsField.VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS;
import static org.hyperstep.x86.vmx.VmxControl.EPT_VIOLATION_VE;

import org.hyperstep.x86.state.CpuState;

/** EPT violations that the guest learns of by an exception (Intel SDM, "Virtualization Exceptions"). */
final class VirtualizationException {
	private static final int IN_USE = 4, QUALIFICATION = 8, LINEAR = 16, GUEST_PHYSICAL = 24, INDEX = 32;
	private static final long IN_USE_VALUE = 0xffff_ffffL;

	private final Vmcs vmcs;
	private final CpuState state;
	private final LowerMemory memory;

	VirtualizationException(Vmcs vmcs, CpuState state, LowerMemory memory) {
		this.vmcs = vmcs;
		this.state = state;
		this.memory = memory;
	}

	/**
	 * Whether an EPT violation causes #VE, whose information is in memory then; else it is a VM exit.
	 *
	 * @param suppressed bit 63 of the EPT paging-structure entry that decides
	 * @param delivering an event is being delivered through the IDT
	 */
	boolean replaces(boolean suppressed, boolean delivering, long qualification, long linear, long guestPhysical) {
		if (suppressed || delivering || !vmcs.has(EPT_VIOLATION_VE) || (state.cr0 & CpuState.CR0_PE) == 0) {
			return false;
		}
		long area = vmcs.read(VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS);
		if (memory.read(area + IN_USE, 4) != 0) {
			return false;
		}
		memory.write(area, 4, VmExitReason.EPT_VIOLATION.number());
		memory.write(area + IN_USE, 4, IN_USE_VALUE);
		memory.write(area + QUALIFICATION, 8, qualification);
		memory.write(area + LINEAR, 8, linear);
		memory.write(area + GUEST_PHYSICAL, 8, guestPhysical);
		memory.write(area + INDEX, 2, vmcs.read(EPTP_INDEX));
		return true;
	}
}
