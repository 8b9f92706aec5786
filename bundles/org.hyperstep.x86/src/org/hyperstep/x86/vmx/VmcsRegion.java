/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import java.util.Arrays;

/**
 * How this processor keeps a VMCS in its region of memory (Intel SDM, "Format of the VMCS Region"): revision
 * identifier, abort indicator, and the data in a format of its own, which only the VMX instructions understand.
 */
final class VmcsRegion {
	/** Revision identifier, as IA32_VMX_BASIC reports it. */
	static final int REVISION = 1;
	/** Bit 31 of the first four bytes: a shadow VMCS. */
	static final long SHADOW = 1L << 31;
	static final int ABORT_INDICATOR = 4;
	private static final int LAUNCH_STATE = 8, DATA = 64;
	private static final VmcsField[] FIELDS = Arrays.stream(VmcsField.values()).filter(VmcsField::present)
			.toArray(VmcsField[]::new);

	private final LowerMemory memory;

	VmcsRegion(LowerMemory memory) {
		this.memory = memory;
	}

	/** The revision identifier with the shadow-VMCS indicator. */
	long revision(long region) {
		return memory.read(region, 4);
	}

	/** VMPTRLD. */
	void load(long region, Vmcs vmcs) {
		vmcs.launched = (memory.read(region + LAUNCH_STATE, 1) & 1) != 0;
		for (VmcsField field : FIELDS) {
			vmcs.write(field, read(region, field));
		}
		vmcs.replaced();
	}

	/** What the processor keeps of the current VMCS goes to memory: another one becomes current, VMCLEAR, VMXOFF. */
	void store(long region, Vmcs vmcs) {
		setLaunched(region, vmcs.launched);
		for (VmcsField field : FIELDS) {
			write(region, field, vmcs.read(field));
		}
	}

	void setLaunched(long region, boolean launched) {
		memory.write(region + LAUNCH_STATE, 1, launched ? 1 : 0);
	}

	long read(long region, VmcsField field) {
		return memory.read(region + DATA + field.ordinal() * 8, 8);
	}

	void write(long region, VmcsField field, long value) {
		memory.write(region + DATA + field.ordinal() * 8, 8, value & field.width().mask());
	}

	void abort(long region, int code) {
		memory.write(region + ABORT_INDICATOR, 4, code);
	}
}
