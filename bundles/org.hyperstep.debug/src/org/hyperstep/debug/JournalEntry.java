/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/**
 * One entry of the event journal. Immutable.
 *
 * @param number      from 0 in the order of events; gaps say that older entries were overwritten
 * @param kind        what happened
 * @param cpu         virtual CPU
 * @param level       how deep the CPU's guest is nested: 1 is the guest, 2 a guest of the guest
 * @param retired     instructions that CPU had retired
 * @param virtualNanos the guest's time in nanoseconds
 * @param linear      linear address of the next instruction
 * @param code        vector, exit reason, or mode: by kind
 * @param information error code, exit qualification, or 0: by kind
 * @param text        readable: {@code #PF page fault}, {@code CPUID}, {@code vector 0x20, local APIC timer}
 */
public record JournalEntry(long number, EventKind kind, int cpu, int level, long retired, long virtualNanos,
		long linear,
		int code, long information, String text) {
}
