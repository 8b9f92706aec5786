/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/** Control transfer between contexts; carries nothing (the context has noted the information of an exit). */
public final class VmExit extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** Out of the guest, to the software below the bottom context. */
	public static final VmExit SIGNAL = new VmExit();
	/** Out of the inner guest, to the guest hypervisor: {@link InnerContext#leave} completes it. */
	public static final VmExit INNER = new VmExit();
	/** Into the inner guest: its registers are loaded, {@link InnerContext#begin} completes the entry. */
	public static final VmExit INNER_ENTRY = new VmExit();

	private VmExit() {
		super(null, null, false, false);
	}
}
