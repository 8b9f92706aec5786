/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.EPT_VIOLATION_VE;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.state.CpuState;

/** VMFUNC in VMX non-root operation (Intel SDM, "VM Functions"). There is one: EPTP switching. */
final class VmFunctions {
	static final int EPTP_SWITCHING = 0;
	private static final int LIST_ENTRIES = 512, FUNCTIONS = 64;

	private final Vmcs vmcs;
	private final Processor processor;
	private final LowerMemory memory;

	VmFunctions(Vmcs vmcs, Processor processor, LowerMemory memory) {
		this.vmcs = vmcs;
		this.processor = processor;
		this.memory = memory;
	}

	/** Invokes the function in EAX; false where that is a VM exit instead. */
	boolean invoke() {
		CpuState state = processor.state();
		long function = state.general[CpuState.RAX] & 0xffff_ffffL;
		boolean enabled = function < FUNCTIONS && (vmcs.read(VM_FUNCTION_CONTROLS) >>> function & 1) != 0;
		return enabled && switchEptPointer(state.general[CpuState.RCX] & 0xffff_ffffL);
	}

	/** "EPTP Switching"; no translation is dropped by it in hardware, where each EPT pointer tags its own. */
	private boolean switchEptPointer(long index) {
		if (index >= LIST_ENTRIES) {
			return false;
		}
		long pointer = memory.read(vmcs.read(EPTP_LIST_ADDRESS) + 8 * index, 8);
		if (!ControlChecks.validEptPointer(pointer)) {
			return false;
		}
		vmcs.write(EPT_POINTER, pointer);
		if (vmcs.has(EPT_VIOLATION_VE)) {
			vmcs.store(EPTP_INDEX, index);
		}
		processor.mmu().flushAll();
		return true;
	}
}
