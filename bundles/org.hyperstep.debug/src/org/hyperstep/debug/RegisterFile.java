/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/** The registers of one CPU at one stop. Immutable. */
public final class RegisterFile {
	private final List<RegisterDescription> descriptions;
	private final long[] values;

	public RegisterFile(List<RegisterDescription> descriptions, long[] values) {
		this.descriptions = descriptions;
		this.values = values;
	}

	/** All registers, in the order they are shown. */
	public List<RegisterDescription> descriptions() {
		return descriptions;
	}

	/** The value of register {@code index} of {@link #descriptions()}. */
	public long value(int index) {
		return values[index];
	}

	/**
	 * The value of a register.
	 *
	 * @throws IllegalArgumentException if there is no register of this name
	 */
	public long value(String name) {
		return values[index(name)];
	}

	/** The index of a register by name. */
	public int index(String name) {
		for (int i = 0; i < values.length; i++) {
			if (descriptions.get(i).name().equals(name)) {
				return i;
			}
		}
		throw new IllegalArgumentException("no register " + name); //$NON-NLS-1$
	}
}
