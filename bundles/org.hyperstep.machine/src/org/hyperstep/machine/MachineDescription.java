/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.x86.system.FeatureSelection;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/**
 * What a machine is made of.
 *
 * @param memory      RAM in bytes, a multiple of 4096
 * @param cpus        number of processors, 1 to 64
 * @param vendor      whose processors: decides between VMX and SVM
 * @param level       how much of the architecture they have
 * @param features    what the processors have or lack beside their level
 * @param startOfTime wall-clock time at reset, in seconds since 1970 UTC: what the real-time clock shows
 * @param virtualization what of the virtualization hardware is in use
 * @param devices     the devices, in the order of their making
 */
public record MachineDescription(long memory, int cpus, CpuVendor vendor, CpuLevel level, FeatureSelection features,
		long startOfTime,
		VirtualizationOptions virtualization, List<DeviceRow> devices) {
	/** The least that the loaders and the low memory map need. */
	public static final long LEAST_MEMORY = 2L << 20;
	/** More than any host has; keeps addresses within 40 bits, below the host-only ranges. */
	public static final long MOST_MEMORY = 512L << 30;
	/** How many processors the interrupt controllers can address. */
	public static final int MOST_CPUS = 64;
	/** 1 January 2026, 00:00 UTC: runs are alike whatever the host's clock says. */
	public static final long DEFAULT_START_OF_TIME = 1_767_225_600L;

	/**
	 * @throws IllegalArgumentException with a message for the user if a value is out of range
	 */
	public MachineDescription {
		check(memory >= LEAST_MEMORY, "memory of " + memory + " bytes is too small; at least 2 MB are needed"); //$NON-NLS-1$ //$NON-NLS-2$
		check(memory <= MOST_MEMORY, "memory of " + memory + " bytes is beyond 512 GB"); //$NON-NLS-1$ //$NON-NLS-2$
		check(memory % MemoryMap.PAGE == 0, "memory of " + memory + " bytes is not a multiple of 4096"); //$NON-NLS-1$ //$NON-NLS-2$
		check(cpus >= 1 && cpus <= MOST_CPUS, cpus + " CPUs asked for; 1 to 64 are possible"); //$NON-NLS-1$
		features.requireFrom(vendor == CpuVendor.INTEL ? Vendor.INTEL : Vendor.AMD);
		devices = List.copyOf(devices);
	}

	/** A PC with the usual devices and processors of the lower level. */
	public static MachineDescription pc(long memory, int cpus, CpuVendor vendor) {
		return new MachineDescription(memory, cpus, vendor, CpuLevel.V2, FeatureSelection.NONE, DEFAULT_START_OF_TIME,
				VirtualizationOptions.DEFAULT, PcDevices.ROWS);
	}

	/** The same machine with other virtualization hardware. */
	public MachineDescription with(VirtualizationOptions options) {
		return new MachineDescription(memory, cpus, vendor, level, features, startOfTime, options, devices);
	}

	/** The same with more devices, made after the others. */
	public MachineDescription with(List<DeviceRow> more) {
		List<DeviceRow> all = new ArrayList<>(devices);
		all.addAll(more);
		return new MachineDescription(memory, cpus, vendor, level, features, startOfTime, virtualization, all);
	}

	/** The same without the device of this name, which the guest's way to boot must not need. */
	public MachineDescription without(String device) {
		return new MachineDescription(memory, cpus, vendor, level, features, startOfTime, virtualization,
				devices.stream().filter(row -> !row.name().equals(device)).toList());
	}

	/** The same with processors that have, or lack, other features than their level says. */
	public MachineDescription with(FeatureSelection other) {
		return new MachineDescription(memory, cpus, vendor, level, other, startOfTime, virtualization, devices);
	}

	/** The same with processors of another level. */
	public MachineDescription with(CpuLevel other) {
		return new MachineDescription(memory, cpus, vendor, other, features, startOfTime, virtualization, devices);
	}

	private static void check(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}
}
