/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.core.runtime.preferences.DefaultScope;
import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.IEclipsePreferences.IPreferenceChangeListener;
import org.eclipse.core.runtime.preferences.IScopeContext;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.core.runtime.Platform;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;

/** The workspace's settings. Live sessions follow those of how steps are made at once. Any thread. */
@SuppressWarnings("nls")
public final class HypervisorPreferences {
	/** The preference node. */
	public static final String NODE = HyperstepDsf.ID;
	/** The step mechanism: the name of a {@link Mechanism}. */
	public static final String MECHANISM = "stepMechanism";

	/** Size of the event journal of guests that are launched from now on: text as {@link MemorySize} reads it. */
	public static final String JOURNAL_SIZE = "journalSize";

	static final Mechanism DEFAULT_MECHANISM = Mechanism.AUTOMATIC;
	static final String DEFAULT_JOURNAL_SIZE = MemorySize.format(EventJournal.DEFAULT_BYTES);

	private HypervisorPreferences() {
	}

	/** Ends what it was got for. */
	@FunctionalInterface
	public interface Registration extends AutoCloseable {
		@Override
		void close();
	}

	/** Whether a setting is on. */
	public static boolean isOn(StepSetting setting) {
		return Platform.getPreferencesService().getBoolean(NODE, setting.preference(), setting.defaultValue(), null);
	}

	public static void set(StepSetting setting, boolean on) {
		node(InstanceScope.INSTANCE).putBoolean(setting.preference(), on);
	}

	/** Bytes of records that the event journal of a guest keeps, as {@link MemorySize} reads it. */
	public static String journalSize() {
		return Platform.getPreferencesService().getString(NODE, JOURNAL_SIZE, DEFAULT_JOURNAL_SIZE, null);
	}

	public static void setJournalSize(String size) {
		node(InstanceScope.INSTANCE).put(JOURNAL_SIZE, size);
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
		StepPolicy policy = StepPolicy.DEFAULT.withMechanism(mechanism());
		for (StepSetting setting : StepSetting.values()) {
			policy = setting.in(policy, isOn(setting));
		}
		return policy;
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
