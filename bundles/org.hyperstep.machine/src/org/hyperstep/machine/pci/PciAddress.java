/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

/**
 * Where a function is on the bus.
 *
 * @param device   0 to 31
 * @param function 0 to 7
 */
public record PciAddress(int device, int function) {

	public PciAddress {
		java.util.Objects.checkIndex(device, 32);
		java.util.Objects.checkIndex(function, 8);
	}

	/** Device and function as configuration addresses have them. */
	public int index() {
		return device << 3 | function;
	}

	@Override
	public String toString() {
		return String.format("00:%02x.%d", device, function); //$NON-NLS-1$
	}
}
