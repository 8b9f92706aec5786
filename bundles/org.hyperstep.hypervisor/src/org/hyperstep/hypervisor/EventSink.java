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
	 * @param level       how deep the CPU's guest is nested: 1 is the guest, 2 a guest of the guest
	 * @param linear      linear address of the next instruction
	 * @param retired     instructions that the CPU has retired
	 * @param information see {@link EventKind}
	 */
	void event(EventKind kind, int cpu, int level, long number, long linear, long retired, long information);
}
