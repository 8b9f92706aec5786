/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import org.hyperstep.debug.EventKind;
import org.hyperstep.hypervisor.CpuMode;
import org.hyperstep.hypervisor.Virtualization;

/** How the journal's entries read. Any thread: looks at tables alone. */
@SuppressWarnings("nls")
final class EventTexts {
	/** Exceptions by vector (Intel SDM, "Exceptions and Interrupts"). */
	private static final String[] EXCEPTIONS = { "#DE divide error", "#DB debug exception", "NMI", "#BP breakpoint",
			"#OF overflow", "#BR bound range exceeded", "#UD invalid opcode", "#NM device not available",
			"#DF double fault", "coprocessor segment overrun", "#TS invalid TSS", "#NP segment not present",
			"#SS stack fault", "#GP general protection", "#PF page fault", "vector 15", "#MF x87 floating-point error",
			"#AC alignment check", "#MC machine check", "#XM SIMD floating-point exception",
			"#VE virtualization exception", "#CP control protection" };
	private static final int PAGE_FAULT = 14;
	private static final CpuMode[] MODES = CpuMode.values();

	private final Virtualization virtualization;

	/** Keeps nothing of the guest: its events are looked at after its end. */
	EventTexts(Virtualization virtualization) {
		this.virtualization = virtualization;
	}

	String describe(EventKind kind, int code, long information) {
		return switch (kind) {
			case INTERRUPT_RAISED, INTERRUPT_HELD, INTERRUPT_INJECTED, INTERRUPT_DELIVERED -> "vector 0x" + hex(code);
			case NMI_RAISED, NMI_HELD, NMI_INJECTED, NMI_DELIVERED, VM_ENTRY, STOP, STEP, RESUME, RESET -> "";
			case EXCEPTION -> exception(code, information);
			case VM_EXIT ->
				virtualization.exitName(code) + (information == 0 ? "" : ", 0x" + Long.toHexString(information));
			case MODE_SWITCH -> mode(information) + " to " + mode(code);
			case PORT_READ, PORT_WRITE -> port(code, information);
			case STARTUP -> code < 0 ? "INIT" : "start-up IPI, page 0x" + hex(code);
		};
	}

	/** The value with as many digits as were accessed. */
	private static String port(int port, long information) {
		int digits = 2 * (int) (information >>> 32);
		String value = Long.toHexString(information & 0xffff_ffffL);
		return "port 0x" + hex(port) + ", 0x" + "0".repeat(Math.max(0, digits - value.length())) + value;
	}

	private static String exception(int vector, long information) {
		String name = vector >= 0 && vector < EXCEPTIONS.length ? EXCEPTIONS[vector] : "vector 0x" + hex(vector);
		if (vector == PAGE_FAULT) {
			return name + " at 0x" + Long.toHexString(information);
		}
		return information == 0 ? name : name + ", error code 0x" + Long.toHexString(information);
	}

	private static String mode(long ordinal) {
		return ordinal >= 0 && ordinal < MODES.length
				? MODES[(int) ordinal].name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
				: "mode " + ordinal;
	}

	private static String hex(int value) {
		return Integer.toHexString(value);
	}
}
