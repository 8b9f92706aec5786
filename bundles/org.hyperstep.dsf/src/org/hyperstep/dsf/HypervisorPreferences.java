/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.core.runtime.preferences.DefaultScope;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.IEclipsePreferences.IPreferenceChangeListener;
import org.eclipse.core.runtime.preferences.IScopeContext;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.core.runtime.Platform;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;

/** The workspace's settings of how steps are made. Live sessions follow them at once. Any thread. */
@SuppressWarnings("nls")
public final class HypervisorPreferences {
	/** The preference node. */
	public static final String NODE = HyperstepDsf.ID;
	/** Mask hardware interrupts while stepping: a boolean. */
	public static final String MASK_INTERRUPTS = "maskInterruptsWhileStepping";
	/** The step mechanism: the name of a {@link Mechanism}. */
	public static final String MECHANISM = "stepMechanism";

	static final boolean DEFAULT_MASK = true;
	static final Mechanism DEFAULT_MECHANISM = Mechanism.AUTOMATIC;

	private HypervisorPreferences() {
	}

	/** Ends what it was got for. */
	@FunctionalInterface
	public interface Registration extends AutoCloseable {
		@Override
		void close();
	}

	public static boolean maskInterrupts() {
		return Platform.getPreferencesService().getBoolean(NODE, MASK_INTERRUPTS, DEFAULT_MASK, null);
	}

	public static void setMaskInterrupts(boolean masked) {
		node(InstanceScope.INSTANCE).putBoolean(MASK_INTERRUPTS, masked);
	}

	/** A name that is no mechanism's reads as the default. */
	public static Mechanism mechanism() {
		String name = Platform.getPreferencesService().getString(NODE, MECHANISM, DEFAULT_MECHANISM.name(), null);
		for (Mechanism candidate : Mechanism.values()) {
			if (candidate.name().equals(name)) {
				return candidate;
			}
		}
		return DEFAULT_MECHANISM;
	}

	public static void setMechanism(Mechanism mechanism) {
		node(InstanceScope.INSTANCE).put(MECHANISM, mechanism.name());
	}

	/** How the workspace wants steps to be made. */
	public static StepPolicy policy() {
		return StepPolicy.DEFAULT.withMask(maskInterrupts()).withMechanism(mechanism());
	}

	/** Has an action run after each change, on the thread that made it, until the registration is closed. */
	public static Registration onChange(Runnable action) {
		IPreferenceChangeListener listener = event -> action.run();
		node(InstanceScope.INSTANCE).addPreferenceChangeListener(listener);
		return () -> node(InstanceScope.INSTANCE).removePreferenceChangeListener(listener);
	}

	static IEclipsePreferences defaults() {
		return node(DefaultScope.INSTANCE);
	}

	private static IEclipsePreferences node(IScopeContext scope) {
		return scope.getNode(NODE);
	}
}
