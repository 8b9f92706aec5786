/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.Collections;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which entries of the event journal are asked for: those that meet all that is said. Immutable.
 *
 * @param kinds      kinds of entries
 * @param cpu        the virtual CPU; none: any
 * @param level      how deep the CPU's guest is nested, 1 is the guest; none: any
 * @param vector     the vector of an interrupt, NMI or exception; none: any, and entries that have none
 * @param exitReason the number of the VM exit's reason; none: any, and entries that are no VM exits
 * @param fromNanos  first virtual time, in nanoseconds
 * @param toNanos    last virtual time, in nanoseconds
 */
public record JournalQuery(Set<EventKind> kinds, OptionalInt cpu, OptionalInt level, OptionalInt vector,
		OptionalInt exitReason,
		long fromNanos, long toNanos) {

	/** Asks for everything. */
	public static final JournalQuery ALL = new JournalQuery(EnumSet.allOf(EventKind.class), OptionalInt.empty(),
			OptionalInt.empty(),
			OptionalInt.empty(), OptionalInt.empty(), 0, Long.MAX_VALUE);

	public JournalQuery {
		Set<EventKind> copy = EnumSet.noneOf(EventKind.class);
		copy.addAll(kinds);
		kinds = Collections.unmodifiableSet(copy);
	}

	/** The same, of these kinds alone. */
	public JournalQuery withKinds(Set<EventKind> wanted) {
		return new JournalQuery(wanted, cpu, level, vector, exitReason, fromNanos, toNanos);
	}

	/** The same, of this virtual CPU alone. */
	public JournalQuery withCpu(int wanted) {
		return new JournalQuery(kinds, OptionalInt.of(wanted), level, vector, exitReason, fromNanos, toNanos);
	}

	/** The same, at this level of nesting alone. */
	public JournalQuery withLevel(int wanted) {
		return new JournalQuery(kinds, cpu, OptionalInt.of(wanted), vector, exitReason, fromNanos, toNanos);
	}

	/** The same, of this vector alone. */
	public JournalQuery withVector(int wanted) {
		return new JournalQuery(kinds, cpu, level, OptionalInt.of(wanted), exitReason, fromNanos, toNanos);
	}

	/** The same, VM exits of this reason alone. */
	public JournalQuery withExitReason(int wanted) {
		return new JournalQuery(kinds, cpu, level, vector, OptionalInt.of(wanted), fromNanos, toNanos);
	}

	/** The same, between two virtual times in nanoseconds, both included. */
	public JournalQuery between(long from, long to) {
		return new JournalQuery(kinds, cpu, level, vector, exitReason, from, to);
	}

	/** Whether an entry is asked for. */
	public boolean asksFor(JournalEntry entry) {
		return asksFor(entry.kind(), entry.cpu(), entry.level(), entry.code(), entry.virtualNanos());
	}

	boolean asksFor(EventKind kind, int ofCpu, int atLevel, int code, long nanos) {
		return kinds.contains(kind) && nanos >= fromNanos && nanos <= toNanos
				&& (cpu.isEmpty() || cpu.getAsInt() == ofCpu)
				&& (level.isEmpty() || level.getAsInt() == atLevel)
				&& (vector.isEmpty() || kind.code() == EventKind.Code.VECTOR && vector.getAsInt() == code)
				&& (exitReason.isEmpty() || kind.code() == EventKind.Code.EXIT_REASON && exitReason.getAsInt() == code);
	}
}
