/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/**
 * Kinds of events that the hypervisor holds back from a virtual CPU. Immutable. A capability of its own, not tied to
 * stepping: what is masked is neither injected nor is a window exit asked for it; it stays in the interrupt
 * controllers, and nothing that the guest can read changes.
 *
 * @param interrupts external (maskable) interrupts
 * @param nmi        non-maskable interrupts
 * @param smi        system-management interrupts
 * @param exits      hold them back, too, where what they cause is a VM exit to a guest hypervisor
 */
public record EventMask(boolean interrupts, boolean nmi, boolean smi, boolean exits) {
	/** Holds nothing back. */
	public static final EventMask NONE = new EventMask(false, false, false);
	/** Holds all hardware interrupts back. */
	public static final EventMask ALL = new EventMask(true, true, true);
	/** Holds external interrupts back. */
	public static final EventMask INTERRUPTS = new EventMask(true, false, false);

	/** Holds these kinds back, whatever they cause. */
	public EventMask(boolean interrupts, boolean nmi, boolean smi) {
		this(interrupts, nmi, smi, true);
	}
}
