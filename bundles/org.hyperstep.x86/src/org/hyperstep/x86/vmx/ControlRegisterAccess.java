/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.Architecture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.state.CpuState;

/**
 * Accesses to control registers in VMX non-root operation (Intel SDM, "Guest/Host Masks and Read Shadows for CR0 and
 * CR4", "Changes to Instruction Behavior in VMX Non-Root Operation").
 */
final class ControlRegisterAccess {
	private static final int MOV_TO = 0, MOV_FROM = 1, CLTS = 2, LMSW = 3;
	private static final VmcsField[] CR3_TARGETS = { CR3_TARGET_VALUE_0, CR3_TARGET_VALUE_1, CR3_TARGET_VALUE_2,
			CR3_TARGET_VALUE_3 };

	private final VmxGuest guest;
	private final Processor processor;
	private final CpuState state;
	private long cr0Mask, cr0Shadow, cr4Mask, cr4Shadow;

	ControlRegisterAccess(VmxGuest guest, Processor processor) {
		this.guest = guest;
		this.processor = processor;
		state = processor.state();
	}

	void refresh() {
		cr0Mask = guest.vmcs.read(CR0_GUEST_HOST_MASK);
		cr0Shadow = guest.vmcs.read(CR0_READ_SHADOW);
		cr4Mask = guest.vmcs.read(CR4_GUEST_HOST_MASK);
		cr4Shadow = guest.vmcs.read(CR4_READ_SHADOW);
	}

	long read(int register, long value, int generalRegister) {
		return switch (register) {
			case 0 -> value & ~cr0Mask | cr0Shadow & cr0Mask;
			case 4 -> value & ~cr4Mask | cr4Shadow & cr4Mask;
			case 3 -> readUnless(CR3_STORE_EXITING, 3, value, generalRegister);
			case 8 -> {
				long read = readUnless(CR8_STORE_EXITING, 8, value, generalRegister);
				yield guest.virtualApic().shadowsTpr() ? guest.virtualApic().taskPriorityClass() : read;
			}
			default -> value;
		};
	}

	private long readUnless(VmxControl control, int register, long value, int generalRegister) {
		if (guest.vmcs.has(control)) {
			exit(register, MOV_FROM, generalRegister);
		}
		return value;
	}

	long write(int register, long value, int generalRegister) {
		return switch (register) {
			case 0 -> {
				if (((value ^ cr0Shadow) & cr0Mask) != 0) {
					exit(0, MOV_TO, generalRegister);
				}
				yield supportedCr0(value & ~cr0Mask | state.cr0 & cr0Mask);
			}
			case 3 -> {
				if (guest.vmcs.has(CR3_LOAD_EXITING) && !isTarget(value)) {
					exit(3, MOV_TO, generalRegister);
				}
				yield value;
			}
			case 4 -> {
				if (((value ^ cr4Shadow) & cr4Mask) != 0) {
					exit(4, MOV_TO, generalRegister);
				}
				yield supportedCr4(value & ~cr4Mask | state.cr4 & cr4Mask);
			}
			case 8 -> {
				if (guest.vmcs.has(CR8_LOAD_EXITING)) {
					exit(8, MOV_TO, generalRegister);
				}
				if (guest.virtualApic().shadowsTpr()) {
					guest.apicAccess().writeCr8(value);
				}
				yield value;
			}
			default -> value;
		};
	}

	private boolean isTarget(long value) {
		long count = guest.vmcs.read(CR3_TARGET_COUNT);
		for (int i = 0; i < count; i++) {
			if (guest.vmcs.read(CR3_TARGETS[i]) == value) {
				return true;
			}
		}
		return false;
	}

	/** CLTS and LMSW. LMSW writes bits 3:0 and never clears PE. */
	long machineStatus(long newCr0, boolean clts) {
		if (clts) {
			if ((cr0Mask & cr0Shadow & CR0_TS) != 0) {
				exit(0, CLTS, 0);
			}
			return newCr0 & ~(cr0Mask & CR0_TS) | state.cr0 & cr0Mask & CR0_TS;
		}
		long changed = (newCr0 ^ cr0Shadow) & cr0Mask;
		boolean setsPe = (changed & newCr0 & CR0_PE) != 0;
		if (setsPe || (changed & (CR0_MP | CR0_EM | CR0_TS)) != 0) {
			throw guest.instructionExit(VmExitReason.CONTROL_REGISTER_ACCESS, LMSW << 4 | (newCr0 & 0xf) << 16, 0);
		}
		return newCr0 & ~cr0Mask | state.cr0 & cr0Mask;
	}

	/** "MOV to CR0": a value that VMX operation does not support raises #GP. */
	private long supportedCr0(long value) {
		long ones = guest.vmcs.guestCr0Ones();
		if ((value & ones) != ones || (value & ~CR0_FIXED_1) != 0) {
			throw processor.fault().generalProtection(0);
		}
		return value;
	}

	private long supportedCr4(long value) {
		long ones = guest.vmcs.guestCr4Ones();
		if ((value & ones) != ones || (value & ~guest.vmcs.cr4Allowed()) != 0) {
			throw processor.fault().generalProtection(0);
		}
		return value;
	}

	private void exit(int register, int access, int generalRegister) {
		throw guest.instructionExit(VmExitReason.CONTROL_REGISTER_ACCESS,
				register | access << 4 | generalRegister << 8, 0);
	}
}
