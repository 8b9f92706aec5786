/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.Arrays;
import java.util.List;

import org.hyperstep.machine.bus.DeviceState;

/** The interrupt request register, with what raised each vector and when. */
@SuppressWarnings("nls")
final class RequestedVectors {
	private final VectorSet vectors;
	/** Vectors whose source and time are known; hardware that virtualizes the APIC changes the set behind our back. */
	private final int[] described = new int[8];
	private final long[] since = new long[256];
	private final String[] sources = new String[256];

	RequestedVectors(RegisterPage page) {
		vectors = new VectorSet(page, ApicRegister.INTERRUPT_REQUEST);
		Arrays.fill(sources, "");
	}

	/** Requests a vector; one that waits already keeps the time and the source of its first request. */
	void add(int vector, String source, long time) {
		if (!vectors.contains(vector)) {
			vectors.add(vector);
			describe(vector, source, time);
		}
	}

	private void describe(int vector, String source, long time) {
		described[vector >> 5] |= 1 << (vector & 31);
		since[vector] = time;
		sources[vector] = source;
	}

	/** Looks what hardware that virtualizes the APIC has taken, and what it has requested itself. */
	void lookAgain(String source, long time) {
		for (int index = 0; index < described.length; index++) {
			int now = vectors.word(index);
			for (int risen = now & ~described[index]; risen != 0; risen &= risen - 1) {
				describe(32 * index + Integer.numberOfTrailingZeros(risen), source, time);
			}
			described[index] = now;
		}
	}

	void remove(int vector) {
		vectors.remove(vector);
		described[vector >> 5] &= ~(1 << (vector & 31));
	}

	boolean contains(int vector) {
		return vectors.contains(vector);
	}

	/** The highest vector, or -1. */
	int highest() {
		return vectors.highest();
	}

	/** As {@link VectorSet#usedWords}. */
	int usedWords() {
		return vectors.usedWords();
	}

	/** Vectors 32·index to 32·index+31. */
	int word(int index) {
		return vectors.word(index);
	}

	void clear() {
		vectors.clear();
		Arrays.fill(described, 0);
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
		return new DeviceState().part("vectors", vectors.state()).numbers("described", described)
				.numbers("since", since);
	}
}
