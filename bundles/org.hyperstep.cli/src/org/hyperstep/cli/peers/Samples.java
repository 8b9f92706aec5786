/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.util.List;
import java.util.Optional;

/**
 * What measuring a guest on a machine gave.
 *
 * @param seconds  processor time between marks, one entry a sample
 * @param checksum what the guest computed; empty if it says nothing
 * @param trouble  why there are no samples; empty if there are
 */
public record Samples(List<Double> seconds, String checksum, Optional<String> trouble) {
	static Samples none(String why) {
		return new Samples(List.of(), "", Optional.of(why)); //$NON-NLS-1$
	}

	/** The median; NaN without samples. */
	public double median() {
		if (seconds.isEmpty()) {
			return Double.NaN;
		}
		List<Double> sorted = seconds.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}
}
