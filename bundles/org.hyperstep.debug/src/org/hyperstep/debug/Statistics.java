/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.SortedMap;

/**
 * Counts of a target since its start. Immutable.
 *
 * @param retired     instructions retired by all CPUs
 * @param exits       VM exits by the name of their reason
 * @param hostNanos   host time in which the guest ran, in nanoseconds
 * @param virtualNanos the guest's own time in nanoseconds
 */
public record Statistics(long retired, SortedMap<String, Long> exits, long hostNanos, long virtualNanos) {
}
