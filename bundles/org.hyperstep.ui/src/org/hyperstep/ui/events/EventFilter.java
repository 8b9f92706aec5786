/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import org.hyperstep.debug.EventKind;

/**
 * Which events are shown. Immutable.
 *
 * @param hidden kinds that are left out
 * @param cpu    the only CPU whose events are shown, or {@link #ALL_CPUS}
 * @param text   what details or location must contain, in lower case; empty: nothing
 */
record EventFilter(Set<EventKind> hidden, int cpu, String text) {
	static final int ALL_CPUS = -1;

	/** Shows everything. */
	static final EventFilter NONE = new EventFilter(Set.of(), ALL_CPUS, ""); //$NON-NLS-1$

	/** The same filter with a kind shown or hidden. */
	EventFilter withKind(EventKind kind, boolean shown) {
		Set<EventKind> changed = EnumSet.noneOf(EventKind.class);
		changed.addAll(hidden);
		if (shown) {
			changed.remove(kind);
		} else {
			changed.add(kind);
		}
		return new EventFilter(Collections.unmodifiableSet(changed), cpu, text);
	}

	/** The same filter with all kinds shown, or with none. */
	EventFilter withAllKinds(boolean shown) {
		return new EventFilter(shown ? Set.of() : Set.of(EventKind.values()), cpu, text);
	}

	EventFilter withCpu(int other) {
		return new EventFilter(hidden, other, text);
	}

	EventFilter withText(String other) {
		return new EventFilter(hidden, cpu, other.strip().toLowerCase(Locale.ROOT));
	}

	boolean shows(EventRow row) {
		return !hidden.contains(row.entry().kind()) && (cpu == ALL_CPUS || cpu == row.entry().cpu())
				&& (text.isEmpty() || contains(row.entry().text()) || contains(row.location()));
	}

	private boolean contains(String where) {
		return where.toLowerCase(Locale.ROOT).contains(text);
	}
}
