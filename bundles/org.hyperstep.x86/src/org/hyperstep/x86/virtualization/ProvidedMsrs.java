/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/**
 * Model-specific registers that the software below provides for its guest in the place of the processor's own: the
 * guest's clock and its local APIC. RDMSR and WRMSR of them exit to it; what the processor itself moves for a guest
 * hypervisor, at its VM entries and VM exits, is moved through here.
 */
public interface ProvidedMsrs {
	/** Nothing is provided: all registers are the processor's. */
	ProvidedMsrs NONE = new ProvidedMsrs() {
	};

	/** Whether the register of this index is provided; the other methods are for those that are. */
	default boolean provides(int index) {
		return false;
	}

	/** Whether RDMSR would read it: false where it raises #GP. */
	default boolean readable(int index) {
		return false;
	}

	/** What RDMSR reads. */
	default long read(int index) {
		throw new IllegalStateException("no register is provided"); //$NON-NLS-1$
	}

	/** WRMSR: false where it raises #GP, with nothing changed. */
	default boolean write(int index, long value) {
		return false;
	}
}
