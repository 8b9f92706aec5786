/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

/**
 * Linear addresses from {@code low} up to, not including, {@code high}; both unsigned.
 */
public record AddressRange(long low, long high) {

	public boolean contains(long linear) {
		return Long.compareUnsigned(low, linear) <= 0 && Long.compareUnsigned(linear, high) < 0;
	}

	AddressRange moved(long slide) {
		return slide == 0 ? this : new AddressRange(low + slide, high + slide);
	}
}
