/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.hyperstep.machine.bus.DeviceState;

/** By what a local APIC is addressed in messages (Intel SDM, "Determining IPI Destination"). */
@SuppressWarnings("nls")
final class ApicAddress {
	private static final int XAPIC_BROADCAST = 0xff, X2APIC_BROADCAST = -1;
	private static final int FLAT_MODEL = 0xf;

	private final int cpu;
	private int id;
	private int logicalDestination;
	private int destinationFormat;

	ApicAddress(int cpu) {
		this.cpu = cpu;
	}

	/** Power-on; an INIT leaves the ID. */
	void resetId() {
		id = cpu << 24;
	}

	void reset() {
		logicalDestination = 0;
		destinationFormat = -1;
	}

	/** The ID register; in xAPIC mode it can be written. */
	int id(boolean x2) {
		return x2 ? cpu : id;
	}

	void setId(int value) {
		id = value;
	}

	/** LDR; in x2APIC mode it follows from the ID: the cluster of 16, and a bit in it. */
	int logicalDestination(boolean x2) {
		return x2 ? cpu >>> 4 << 16 | 1 << (cpu & 15) : logicalDestination;
	}

	void setLogicalDestination(int value) {
		logicalDestination = value;
	}

	int destinationFormat() {
		return destinationFormat;
	}

	void setDestinationFormat(int value) {
		destinationFormat = value | 0x0fffffff;
	}

	boolean isDestination(boolean x2, boolean logical, int destination) {
		return x2 ? isX2apicDestination(logical, destination) : isXapicDestination(logical, destination & 0xff);
	}

	private boolean isX2apicDestination(boolean logical, int destination) {
		if (destination == X2APIC_BROADCAST) {
			return true;
		}
		return logical ? destination >>> 16 == cpu >>> 4 && (destination & 1 << (cpu & 15)) != 0 : destination == cpu;
	}

	private boolean isXapicDestination(boolean logical, int destination) {
		if (destination == XAPIC_BROADCAST) {
			return true;
		}
		if (!logical) {
			return destination == id >>> 24;
		}
		int logicalId = logicalDestination >>> 24;
		if (destinationFormat >>> 28 == FLAT_MODEL) {
			return (destination & logicalId) != 0;
		}
		return destination >> 4 == logicalId >> 4 && (destination & logicalId & 0xf) != 0;
	}

	DeviceState state() {
		return new DeviceState().number("id", () -> id, v -> id = (int) v)
				.number("ldr", () -> logicalDestination, v -> logicalDestination = (int) v)
				.number("dfr", () -> destinationFormat, v -> destinationFormat = (int) v);
	}
}
