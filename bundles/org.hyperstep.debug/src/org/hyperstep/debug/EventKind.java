/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** Kinds of entries in the event journal. The ordinal is the journal's binary code: append only. */
@SuppressWarnings("nls")
public enum EventKind {
	INTERRUPT_RAISED("Interrupt raised"), INTERRUPT_HELD("Interrupt held back"),
	INTERRUPT_INJECTED("Interrupt injected"), INTERRUPT_DELIVERED("Interrupt delivered"),
	NMI_RAISED("NMI raised"), NMI_HELD("NMI held back"),
	NMI_INJECTED("NMI injected"), NMI_DELIVERED("NMI delivered"), EXCEPTION("Exception"), VM_EXIT("VM exit"),
	VM_ENTRY("VM entry"), MODE_SWITCH("Mode switch"), STARTUP("Start-up"), STOP("Stop"), STEP("Step"), RESUME("Resume");

	private final String label;

	EventKind(String label) {
		this.label = label;
	}

	/** Name for lists and for export. */
	public String label() {
		return label;
	}
}
