/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.system.ProcessorModel.Vendor;

/**
 * What may be written to the registers of the machine-check architecture (Intel SDM, "Error-Reporting Register Banks").
 * Nothing goes wrong in this machine: the registers hold what software gives them.
 */
final class MachineCheck {
	/**
	 * Banks, as many as AMD's processors have always had: software reads the north bridge's, number 4, without a look at
	 * the count; and the bit of IA32_MCG_CAP that says there is IA32_MCG_CTL.
	 */
	static final int BANKS = 5, CONTROL_PRESENT = 1 << 8;
	/** AMD's HWCR: software may write the records. */
	private static final long STATUS_WRITE_ENABLE = 1 << 18;

	private MachineCheck() {
	}

	/**
	 * The control registers. Intel: "P6 family processors only allow the writing of all 1s or all 0s". AMD: each bit
	 * enables a source of errors of its own (APM, "Error-Reporting Control Registers").
	 */
	static void checkControl(SystemUnit unit, long value) {
		if (unit.model.vendor() == Vendor.INTEL && value != 0 && value != -1L) {
			throw unit.fault.generalProtection(0);
		}
	}

	/** IA32_MCi_STATUS: software clears it. */
	static void checkStatus(SystemUnit unit, long value) {
		boolean writable = unit.model.vendor() == Vendor.AMD
				&& (unit.modelSpecificRegisters.read(MsrRow.HWCR.index) & STATUS_WRITE_ENABLE) != 0;
		if (value != 0 && !writable) {
			throw unit.fault.generalProtection(0);
		}
	}
}
