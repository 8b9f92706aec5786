/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalQuery;

/**
 * Which events are shown. Immutable.
 *
 * @param hidden kinds that are left out
 * @param cpu    the only CPU whose events are shown, or {@link #ALL_CPUS}
 * @param text   words that details or location must contain and terms, as {@link QueryTerms} reads them, in lower case; empty: nothing
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

	/** What is asked of the journal. */
	JournalQuery query() {
		return terms().query();
	}

	private QueryTerms terms() {
		Set<EventKind> kinds = EnumSet.allOf(EventKind.class);
		kinds.removeAll(hidden);
		JournalQuery query = JournalQuery.ALL.withKinds(kinds);
		return QueryTerms.parse(text, cpu == ALL_CPUS ? query : query.withCpu(cpu));
	}

	/** Whether anything is left out. */
	boolean isNarrow() {
		return !equals(NONE);
	}

	/** Tells which rows are shown. */
	Predicate<EventRow> test() {
		QueryTerms terms = terms();
		return row -> terms.query().asksFor(row.entry()) && (contains(row.entry().text(), terms.text())
				|| contains(row.location(), terms.text()));
	}

	boolean shows(EventRow row) {
		return test().test(row);
	}

	private static boolean contains(String where, String what) {
		return what.isEmpty() || where.toLowerCase(Locale.ROOT).contains(what);
	}
}
