/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/**
 * What a launch attaches to the guest's machine beside its image, and how the image is booted, as the user wrote it. The
 * back end reads the texts and refuses what it does not understand.
 *
 * @param boot   how the image is booted: empty for the best way that it offers, a protocol's name, {@code bios} for
 *               firmware, or {@code flat:ADDRESS}
 * @param disks  {@code FILE[,writable][,format=raw|qcow2][,bus=virtio|ide][,backing=FILE][,changes=MB]}
 * @param cdroms {@code FILE}
 */
public record Equipment(String boot, List<String> disks, List<String> cdroms) {
	/** Nothing attached, the image's best way to boot. */
	public static final Equipment NONE = new Equipment("", List.of(), List.of()); //$NON-NLS-1$

	public Equipment {
		disks = List.copyOf(disks);
		cdroms = List.copyOf(cdroms);
	}

	public Equipment withBoot(String other) {
		return new Equipment(other, disks, cdroms);
	}

	public Equipment withDisks(List<String> other) {
		return new Equipment(boot, other, cdroms);
	}

	public Equipment withCdroms(List<String> other) {
		return new Equipment(boot, disks, other);
	}
}
