/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.StepMasking;
import org.hyperstep.dsf.StepMechanismChoice;

/**
 * How a session makes its steps: as its launch says, or as the workspace says. What the workspace says is followed while
 * the session lives; a change there touches nothing but what was changed.
 */
@ThreadSafe
final class SessionPolicy {
	private final StepMasking masking;
	private final StepMechanismChoice mechanism;
	private final Virtualization virtualization;
	private StepPolicy workspace = HypervisorPreferences.policy();

	SessionPolicy(ILaunchConfiguration configuration) throws CoreException {
		masking = LaunchAttributes.STEP_MASKING.get(configuration);
		mechanism = LaunchAttributes.STEP_MECHANISM.get(configuration);
		virtualization = LaunchAttributes.VIRTUALIZATION.get(configuration);
	}

	/** The policy to begin with. */
	synchronized StepPolicy initial() {
		return workspace.withMask(masks(workspace)).withMechanism(mechanism(workspace));
	}

	/** Has a target follow the workspace until the registration is closed. */
	HypervisorPreferences.Registration follow(Target target) {
		return HypervisorPreferences.onChange(() -> changed(target));
	}

	private synchronized void changed(Target target) {
		StepPolicy before = workspace;
		workspace = HypervisorPreferences.policy();
		StepPolicy policy = target.policy();
		if (masks(workspace) != masks(before)) {
			policy = policy.withMask(masks(workspace));
		}
		if (mechanism(workspace) != mechanism(before)) {
			policy = policy.withMechanism(mechanism(workspace));
		}
		if (!policy.equals(target.policy())) {
			target.setPolicy(policy);
		}
	}

	private boolean masks(StepPolicy of) {
		return masking == StepMasking.WORKSPACE ? of.masks() : masking == StepMasking.ON;
	}

	/** The workspace's mechanism serves guests of both vendors: where SVM lacks it, SVM's own is meant. */
	private Mechanism mechanism(StepPolicy of) {
		Mechanism wanted = mechanism.or(of.mechanism());
		boolean lacking = mechanism == StepMechanismChoice.WORKSPACE && virtualization == Virtualization.SVM
				&& wanted == Mechanism.MONITOR_TRAP_FLAG;
		return lacking ? Mechanism.AUTOMATIC : wanted;
	}
}
