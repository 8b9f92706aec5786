/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/**
 * Debug exceptions that the debugger asks of the virtual CPU with the hardware's own means. Immutable. The effective
 * debug registers are these while they are set; the guest goes on to read and write its own.
 *
 * @param breakpointExceptions stop at an INT3 before its exception is delivered
 * @param dr0                  linear address of hardware breakpoint 0
 * @param dr1                  linear address of hardware breakpoint 1
 * @param dr2                  linear address of hardware breakpoint 2
 * @param dr3                  linear address of hardware breakpoint 3
 * @param dr7                  effective DR7; 0 leaves the guest's debug registers in force
 */
public record GuestDebug(boolean breakpointExceptions, long dr0, long dr1, long dr2, long dr3, long dr7) {
	/** The debugger asks for nothing. */
	public static final GuestDebug OFF = new GuestDebug(false, 0, 0, 0, 0, 0);

	/** Whether hardware breakpoints of the debugger are in force. */
	public boolean ownsDebugRegisters() {
		return dr7 != 0;
	}
}
