/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import java.util.function.BiFunction;
import java.util.function.Predicate;

import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Exemption;

/** What can be switched on and off about how steps are made: in the workspace, by each launch, in a live session. */
public enum StepSetting {
	/** Hold back hardware interrupts while stepping. */
	MASK_INTERRUPTS("maskInterruptsWhileStepping", "stepMasking", StepPolicy::masks, StepPolicy::withMask), //$NON-NLS-1$ //$NON-NLS-2$
	/** Let NMIs through all the same. */
	LET_NMI_THROUGH("letNmiThroughWhileStepping", "stepLetsNmiThrough", Exemption.NMI), //$NON-NLS-1$ //$NON-NLS-2$
	/** Let SMIs through all the same. */
	LET_SMI_THROUGH("letSmiThroughWhileStepping", "stepLetsSmiThrough", Exemption.SMI), //$NON-NLS-1$ //$NON-NLS-2$
	/** Let events through that cause a VM exit to a guest hypervisor. */
	LET_VM_EXITS_THROUGH("letVmExitsThroughWhileStepping", "stepLetsVmExitsThrough", Exemption.VM_EXITS), //$NON-NLS-1$ //$NON-NLS-2$
	/** Mask while a step over or a step return runs a callee, too. */
	MASK_DURING_STEP_OVER("maskDuringStepOver", "maskDuringStepOver", StepPolicy::maskDuringStepOver, //$NON-NLS-1$ //$NON-NLS-2$
			StepPolicy::withMaskDuringStepOver);

	private final String preference;
	private final LaunchAttribute<LaunchSetting> attribute;
	private final Predicate<StepPolicy> reader;
	private final BiFunction<StepPolicy, Boolean, StepPolicy> writer;

	StepSetting(String preference, String attribute, Predicate<StepPolicy> reader,
			BiFunction<StepPolicy, Boolean, StepPolicy> writer) {
		this.preference = preference;
		this.attribute = LaunchAttribute.choice(attribute, LaunchSetting.WORKSPACE);
		this.reader = reader;
		this.writer = writer;
	}

	StepSetting(String preference, String attribute, Exemption exemption) {
		this(preference, attribute, policy -> policy.exempts(exemption),
				(policy, through) -> policy.withExemption(exemption, through.booleanValue()));
	}

	/** Whether it lets something through that the mask would hold back. */
	public boolean isExemption() {
		return this == LET_NMI_THROUGH || this == LET_SMI_THROUGH || this == LET_VM_EXITS_THROUGH;
	}

	/** Its key in the preference node; the value is a boolean. */
	public String preference() {
		return preference;
	}

	/** What a launch says about it. */
	public LaunchAttribute<LaunchSetting> attribute() {
		return attribute;
	}

	/** Whether it is on unless somebody chooses. */
	public boolean defaultValue() {
		return isOn(StepPolicy.DEFAULT);
	}

	/** Whether it is on in a policy. */
	public boolean isOn(StepPolicy policy) {
		return reader.test(policy);
	}

	/** The same policy with it on, or off. */
	public StepPolicy in(StepPolicy policy, boolean on) {
		return writer.apply(policy, Boolean.valueOf(on));
	}
}
