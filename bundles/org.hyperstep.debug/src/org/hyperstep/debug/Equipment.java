/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/**
 * What a launch says of the guest's machine beside memory and number of processors: their level, what is attached, and how
 * the image is booted, as the user wrote it. The back end reads the texts and refuses what it does not understand.
 *
 * @param level  how much of the architecture the processors have
 * @param boot   how the image is booted: empty for the best way that it offers, a protocol's name, {@code bios} for
 *               firmware, or {@code flat:ADDRESS}
 * @param disks  {@code FILE[,writable][,format=raw|qcow2][,bus=virtio|ide][,backing=FILE][,changes=MB]}
 * @param cdroms {@code FILE}
 */
public record Equipment(ProcessorLevel level, String boot, List<String> disks, List<String> cdroms) {
	/** The usual processors, nothing attached, the image's best way to boot. */
	public static final Equipment NONE = new Equipment(ProcessorLevel.DEFAULT, "", List.of(), List.of()); //$NON-NLS-1$

	public Equipment {
		disks = List.copyOf(disks);
		cdroms = List.copyOf(cdroms);
	}

	public Equipment withLevel(ProcessorLevel other) {
		return new Equipment(other, boot, disks, cdroms);
	}

	public Equipment withBoot(String other) {
		return new Equipment(level, other, disks, cdroms);
	}

	public Equipment withDisks(List<String> other) {
		return new Equipment(level, boot, other, cdroms);
	}

	public Equipment withCdroms(List<String> other) {
		return new Equipment(level, boot, disks, other);
	}
}
