/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How steps are made. Immutable.
 *
 * @param masks      hold back hardware interrupts while stepping: external interrupts, NMIs and SMIs
 * @param exemptions what of them is let through all the same
 * @param maskDuringStepOver hold them back, too, while a step over or a step return runs a callee; off by default,
 *                   because the callee may wait for an interrupt
 * @param mechanism  how the hypervisor stops after one instruction
 */
public record StepPolicy(boolean masks, Set<Exemption> exemptions, boolean maskDuringStepOver, Mechanism mechanism) {

	/** What is let through while hardware interrupts are masked. */
	public enum Exemption {
		/** Non-maskable interrupts. */
		NMI,
		/** System-management interrupts. */
		SMI,
		/** Events of any kind that cause a VM exit to a guest hypervisor, while its guest runs. */
		VM_EXITS
	}

	/** Step mechanisms of the virtualization hardware. */
	public enum Mechanism {
		/** The best one that the virtualization hardware has: monitor trap flag on VMX, RFLAGS.TF on SVM. */
		AUTOMATIC,
		/** VMX's monitor trap flag. */
		MONITOR_TRAP_FLAG,
		/** RFLAGS.TF with the debug exception intercepted. */
		RFLAGS_TF
	}

	/** Everything masked, automatic mechanism. */
	public static final StepPolicy DEFAULT = new StepPolicy(true, Set.of(), false, Mechanism.AUTOMATIC);

	public StepPolicy {
		Set<Exemption> copy = EnumSet.noneOf(Exemption.class);
		copy.addAll(exemptions);
		exemptions = Collections.unmodifiableSet(copy);
	}

	/** The same policy with hardware interrupts masked, or not. */
	public StepPolicy withMask(boolean masked) {
		return new StepPolicy(masked, exemptions, maskDuringStepOver, mechanism);
	}

	/** The same policy with something let through while hardware interrupts are masked, or not. */
	public StepPolicy withExemption(Exemption exemption, boolean through) {
		Set<Exemption> changed = EnumSet.noneOf(Exemption.class);
		changed.addAll(exemptions);
		if (through) {
			changed.add(exemption);
		} else {
			changed.remove(exemption);
		}
		return new StepPolicy(masks, changed, maskDuringStepOver, mechanism);
	}

	/** The same policy with the mask kept up while a callee runs, or not. */
	public StepPolicy withMaskDuringStepOver(boolean masked) {
		return new StepPolicy(masks, exemptions, masked, mechanism);
	}

	/** The same policy with another mechanism. */
	public StepPolicy withMechanism(Mechanism other) {
		return new StepPolicy(masks, exemptions, maskDuringStepOver, other);
	}

	/** Whether something is let through while hardware interrupts are masked. */
	public boolean exempts(Exemption exemption) {
		return exemptions.contains(exemption);
	}

	/** Whether external interrupts are held back while stepping. */
	public boolean maskInterrupts() {
		return masks;
	}

	/** Whether NMIs are held back while stepping. */
	public boolean maskNmi() {
		return masks && !exempts(Exemption.NMI);
	}

	/** Whether SMIs are held back while stepping. */
	public boolean maskSmi() {
		return masks && !exempts(Exemption.SMI);
	}
}
