/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/** MOV to and from debug registers, with general detect. */
public final class DebugRegisters {
	/** Bits of DR6 that read as ones. */
	public static final long DR6_FIXED = 0xffff0ff0L;
	/** Bit of DR7 that reads as one. */
	public static final long DR7_FIXED = 0x400;
	private static final long DR6_WRITABLE = 0xe00f;
	private static final long DR7_WRITABLE = 0xffff_23ffL;
	/** DR7.GD, and DR6.BD in pending debug exceptions. */
	private static final long GENERAL_DETECT = 1 << 13;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;

	DebugRegisters(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	/**
	 * MOV from a debug register.
	 *
	 * @param register       0 to 7
	 * @param generalRegister the destination, for the intercept
	 */
	public long read(int register, int generalRegister) {
		check(register, false, generalRegister);
		return switch (register) {
			case 4, 6 -> state.dr6;
			case 5, 7 -> state.dr7;
			default -> state.breakpointAddress[register];
		};
	}

	/** MOV to a debug register; outside 64-bit mode the value has 32 bits. */
	public void write(int register, long value, int generalRegister) {
		check(register, true, generalRegister);
		if (register >= 4 && value >>> 32 != 0) {
			throw fault.generalProtection(0);
		}
		switch (register) {
			case 4, 6 -> state.dr6 = value & DR6_WRITABLE | DR6_FIXED;
			case 5, 7 -> state.dr7 = value & DR7_WRITABLE | DR7_FIXED;
			default -> state.breakpointAddress[register] = value;
		}
		unit.mmu.breakpointsChanged();
		unit.events.stateChanged();
	}

	private void check(int register, boolean write, int generalRegister) {
		// VMX: the exit comes before #UD and #GP ("MOV DR" in "Instructions That Cause VM Exits Conditionally");
		// SVM checks the simple exceptions first ("Intercept Operation").
		boolean exitFirst = unit.model.vendor() == Vendor.INTEL;
		if (exitFirst) {
			unit.interception().debugRegister(register, write, generalRegister);
		}
		if ((register == 4 || register == 5) && (state.cr4 & CpuState.CR4_DE) != 0) {
			throw fault.undefinedInstruction();
		}
		unit.requirePrivilege();
		if (!exitFirst) {
			unit.interception().debugRegister(register, write, generalRegister);
		}
		if ((state.dr7 & GENERAL_DETECT) != 0) {
			throw fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, GENERAL_DETECT);
		}
	}
}
