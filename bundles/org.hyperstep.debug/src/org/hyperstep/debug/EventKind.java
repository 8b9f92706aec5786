/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** Kinds of entries in the event journal. The ordinal is the journal's binary code: append only. */
@SuppressWarnings("nls")
public enum EventKind {
	INTERRUPT_RAISED("Interrupt raised", Code.VECTOR), INTERRUPT_HELD("Interrupt held back", Code.VECTOR),
	INTERRUPT_INJECTED("Interrupt injected", Code.VECTOR), INTERRUPT_DELIVERED("Interrupt delivered", Code.VECTOR),
	NMI_RAISED("NMI raised", Code.VECTOR), NMI_HELD("NMI held back", Code.VECTOR),
	NMI_INJECTED("NMI injected", Code.VECTOR), NMI_DELIVERED("NMI delivered", Code.VECTOR),
	EXCEPTION("Exception", Code.VECTOR), VM_EXIT("VM exit", Code.EXIT_REASON), VM_ENTRY("VM entry", Code.NOTHING),
	MODE_SWITCH("Mode switch", Code.MODE), STARTUP("Start-up", Code.STARTUP), STOP("Stop", Code.NOTHING),
	STEP("Step", Code.NOTHING), RESUME("Resume", Code.NOTHING), RESET("Reset", Code.NOTHING),
	PORT_READ("Port read", Code.PORT), PORT_WRITE("Port write", Code.PORT);

	/** What an entry's code is. */
	public enum Code {
		/** Vector of an interrupt, NMI or exception. */
		VECTOR,
		/** Number of a VM exit's reason, or exit code of SVM. */
		EXIT_REASON,
		/** The CPU's new mode. */
		MODE,
		/** Vector of a start-up IPI, or -1 for INIT. */
		STARTUP,
		/** I/O port. */
		PORT,
		/** The kind says it all. */
		NOTHING
	}

	private final String label;
	private final Code code;

	EventKind(String label, Code code) {
		this.label = label;
		this.code = code;
	}

	/** Name for lists and for export. */
	public String label() {
		return label;
	}

	/** What the code of such an entry is. */
	public Code code() {
		return code;
	}
}
