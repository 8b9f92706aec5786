/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

/** A device of the machine. Confined to the machine's thread. */
public interface Device {

	/** Unique within the machine; names the device in snapshots and messages. */
	String name();

	/** Brings the device to the state after power-on. */
	void reset();

	/**
	 * What the machine's reset line does to it. As after power-on, unless it has what a battery keeps.
	 */
	default void hardReset() {
		reset();
	}

	/**
	 * Power comes back after sleep state S3, in which the machine's memory alone had it. As the reset line, unless the device
	 * had power, too.
	 */
	default void wake() {
		hardReset();
	}

	/** All that {@link #reset()} sets and the guest can change; saving and loading it brings the same behaviour back. */
	DeviceState state();
}
