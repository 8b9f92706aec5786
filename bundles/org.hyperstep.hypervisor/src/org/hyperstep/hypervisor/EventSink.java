/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Told of what happens to the virtual CPUs. Called on the machine's thread; must return at once and must not call back. */
@FunctionalInterface
public interface EventSink {

	/**
	 * Something happened.
	 *
	 * @param kind        what
	 * @param cpu         the virtual CPU
	 * @param number      vector, exit reason or mode: see {@link EventKind}
	 * @param rip         the guest's RIP
	 * @param retired     instructions that the CPU has retired
	 * @param information see {@link EventKind}
	 */
	void event(EventKind kind, int cpu, long number, long rip, long retired, long information);
}
