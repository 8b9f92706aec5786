/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.Arrays;
import java.util.List;

import org.hyperstep.machine.bus.DeviceState;

/** The interrupt request register, with what raised each vector and when. */
@SuppressWarnings("nls")
final class RequestedVectors {
	private final VectorSet vectors = new VectorSet();
	private final long[] since = new long[256];
	private final String[] sources = new String[256];

	RequestedVectors() {
		Arrays.fill(sources, "");
	}

	/** Requests a vector; one that waits already keeps the time and the source of its first request. */
	void add(int vector, String source, long time) {
		if (!vectors.contains(vector)) {
			vectors.add(vector);
			since[vector] = time;
			sources[vector] = source;
		}
	}

	void remove(int vector) {
		vectors.remove(vector);
	}

	boolean contains(int vector) {
		return vectors.contains(vector);
	}

	/** The highest vector, or -1. */
	int highest() {
		return vectors.highest();
	}

	/** Vectors 32·index to 32·index+31. */
	int word(int index) {
		return vectors.word(index);
	}

	void clear() {
		vectors.clear();
		Arrays.fill(since, 0);
	}

	/** Adds a description of each, the highest first. */
	void describe(List<PendingInterrupt> to) {
		for (int vector = 255; vector >= 0; vector--) {
			if (vectors.contains(vector)) {
				to.add(new PendingInterrupt(PendingInterrupt.Kind.FIXED, vector, sources[vector], since[vector]));
			}
		}
	}

	DeviceState state() {
		return new DeviceState().numbers("vectors", vectors.words()).numbers("since", since);
	}
}
