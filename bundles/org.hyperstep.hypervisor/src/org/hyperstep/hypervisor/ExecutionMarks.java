/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.Arrays;

/**
 * Addresses before whose instruction a run stops. Immutable. The guest cannot see them; without any they cost nothing.
 *
 * @param linear        linear addresses
 * @param guestPhysical guestPhysical addresses of an instruction's first byte
 */
public record ExecutionMarks(long[] linear, long[] guestPhysical) {
	/** No marks. */
	public static final ExecutionMarks NONE = new ExecutionMarks(new long[0], new long[0]);

	public ExecutionMarks {
		linear = linear.clone();
		guestPhysical = guestPhysical.clone();
		Arrays.sort(linear);
		Arrays.sort(guestPhysical);
	}

	@Override
	public long[] linear() {
		return linear.clone();
	}

	@Override
	public long[] guestPhysical() {
		return guestPhysical.clone();
	}

	/** Whether there is none. */
	public boolean isEmpty() {
		return linear.length == 0 && guestPhysical.length == 0;
	}

	/** Whether these are the same addresses. */
	public boolean sameAs(ExecutionMarks other) {
		return Arrays.equals(linear, other.linear) && Arrays.equals(guestPhysical, other.guestPhysical);
	}
}
