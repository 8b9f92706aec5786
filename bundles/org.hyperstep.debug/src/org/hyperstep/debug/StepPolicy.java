/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/**
 * How steps are made. Immutable.
 *
 * @param maskInterrupts hold back external interrupts while stepping
 * @param maskNmi        hold back non-maskable interrupts while stepping
 * @param maskSmi        hold back system-management interrupts while stepping
 * @param maskDuringStepOver hold them back, too, while a step over or a step return runs a callee; off by default,
 *                       because the callee may wait for an interrupt
 * @param mechanism      how the hypervisor stops after one instruction
 */
public record StepPolicy(boolean maskInterrupts, boolean maskNmi, boolean maskSmi, boolean maskDuringStepOver,
		Mechanism mechanism) {

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
	public static final StepPolicy DEFAULT = new StepPolicy(true, true, true, false, Mechanism.AUTOMATIC);

	/** The same policy with all hardware interrupts masked, or none. */
	public StepPolicy withMask(boolean masked) {
		return new StepPolicy(masked, masked, masked, maskDuringStepOver, mechanism);
	}

	/** The same policy with another mechanism. */
	public StepPolicy withMechanism(Mechanism other) {
		return new StepPolicy(maskInterrupts, maskNmi, maskSmi, maskDuringStepOver, other);
	}

	/** Whether anything is masked while stepping. */
	public boolean masks() {
		return maskInterrupts || maskNmi || maskSmi;
	}
}
