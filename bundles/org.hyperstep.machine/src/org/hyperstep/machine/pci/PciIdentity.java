/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

/**
 * What a function says it is.
 *
 * @param vendor            vendor ID
 * @param device            device ID
 * @param classCode         base class, sub-class and programming interface, 24 bits
 * @param revision          revision ID
 * @param subsystemVendor   subsystem vendor ID
 * @param subsystem         subsystem ID
 */
public record PciIdentity(int vendor, int device, int classCode, int revision, int subsystemVendor, int subsystem) {

	/** The subsystem IDs that the PC's own functions have in QEMU's machines, so that drivers take them for such. */
	public static final int QEMU_VENDOR = 0x1af4, QEMU_SUBSYSTEM = 0x1100;

	/** A function of the PC itself. */
	public static PciIdentity of(int vendor, int device, int classCode, int revision) {
		return new PciIdentity(vendor, device, classCode, revision, QEMU_VENDOR, QEMU_SUBSYSTEM);
	}
}
