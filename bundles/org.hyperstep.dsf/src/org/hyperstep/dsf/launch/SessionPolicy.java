/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.LaunchSetting;
import org.hyperstep.dsf.StepMechanismChoice;
import org.hyperstep.dsf.StepSetting;

/**
 * How a session makes its steps: as its launch says, or as the workspace says. What the workspace says is followed while
 * the session lives; a change there touches nothing but what was changed.
 */
@ThreadSafe
final class SessionPolicy {
	private final Map<StepSetting, LaunchSetting> settings = new EnumMap<>(StepSetting.class);
	private final StepMechanismChoice mechanism;
	private final Virtualization virtualization;
	private StepPolicy workspace = HypervisorPreferences.policy();
	/** What was ordered last, and whether the engine has it already. */
	private StepPolicy ordered = StepPolicy.DEFAULT;
	private CompletableFuture<?> order = CompletableFuture.completedFuture(Boolean.TRUE);

	SessionPolicy(ILaunchConfiguration configuration) throws CoreException {
		for (StepSetting setting : StepSetting.values()) {
			settings.put(setting, setting.attribute().get(configuration));
		}
		mechanism = LaunchAttributes.STEP_MECHANISM.get(configuration);
		virtualization = LaunchAttributes.VIRTUALIZATION.get(configuration);
	}

	/** The policy to begin with. */
	synchronized StepPolicy initial() {
		return wanted(workspace);
	}

	/** Has a target follow the workspace until the registration is closed. */
	HypervisorPreferences.Registration follow(Target target) {
		return HypervisorPreferences.onChange(() -> changed(target));
	}

	private synchronized void changed(Target target) {
		StepPolicy before = wanted(workspace);
		workspace = HypervisorPreferences.policy();
		StepPolicy after = wanted(workspace);
		StepPolicy policy = order.isDone() ? target.policy() : ordered;
		for (StepSetting setting : StepSetting.values()) {
			if (setting.isOn(after) != setting.isOn(before)) {
				policy = setting.in(policy, setting.isOn(after));
			}
		}
		if (after.mechanism() != before.mechanism()) {
			policy = policy.withMechanism(after.mechanism());
		}
		if (!order.isDone() || !policy.equals(target.policy())) {
			ordered = policy;
			order = target.setPolicy(policy);
		}
	}

	/** What the launch wants, where the workspace wants {@code of}. */
	private StepPolicy wanted(StepPolicy of) {
		StepPolicy policy = of.withMechanism(mechanism(of));
		for (Map.Entry<StepSetting, LaunchSetting> setting : settings.entrySet()) {
			policy = setting.getKey().in(policy, setting.getValue().or(setting.getKey().isOn(of)));
		}
		return policy;
	}

	/** The workspace's mechanism serves guests of both vendors: where SVM lacks it, SVM's own is meant. */
	private Mechanism mechanism(StepPolicy of) {
		Mechanism wanted = mechanism.or(of.mechanism());
		boolean lacking = mechanism == StepMechanismChoice.WORKSPACE && virtualization == Virtualization.SVM
				&& wanted == Mechanism.MONITOR_TRAP_FLAG;
		return lacking ? Mechanism.AUTOMATIC : wanted;
	}
}
