/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/**
 * What a launch says of the guest's machine beside memory and number of processors: their level, what is attached, and how
 * the image is booted, as the user wrote it. The back end reads the texts and refuses what it does not understand.
 *
 * @param level  how much of the architecture the processors have
 * @param features features that the processors have or lack beside their level, as in {@code la57,-avx}
 * @param boot   how the image is booted: empty for the best way that it offers, a protocol's name, {@code bios} for
 *               firmware, or {@code flat:ADDRESS}
 * @param disks  {@code FILE[,writable][,format=raw|qcow2][,bus=virtio|ide][,backing=FILE][,changes=MB]}
 * @param cdroms {@code FILE}
 * @param networks {@code loopback} or {@code user[,port=NUMBER]...}
 * @param console  whether there is a virtio console: what the guest prints there comes with the serial line, and what is
 *                 sent to the serial line goes there
 * @param secondLine where the bytes of the second serial line go: {@code none}, {@code loop} for back to the guest, or
 *                   {@code file:FILE}
 * @param resets   what becomes of a guest that resets the machine
 */
public record Equipment(ProcessorLevel level, String features, String boot, List<String> disks, List<String> cdroms,
		List<String> networks, boolean console, String secondLine, ResetPolicy resets) {
	/** The usual processors, nothing attached, the image's best way to boot. */
	public static final Equipment NONE = new Equipment(ProcessorLevel.DEFAULT, "", "", List.of(), List.of(), List.of(), //$NON-NLS-1$ //$NON-NLS-2$
			false, "none", ResetPolicy.RESTART); //$NON-NLS-1$

	public Equipment {
		disks = List.copyOf(disks);
		cdroms = List.copyOf(cdroms);
		networks = List.copyOf(networks);
	}

	public Equipment withLevel(ProcessorLevel other) {
		return new Equipment(other, features, boot, disks, cdroms, networks, console, secondLine, resets);
	}

	public Equipment withFeatures(String other) {
		return new Equipment(level, other, boot, disks, cdroms, networks, console, secondLine, resets);
	}

	public Equipment withBoot(String other) {
		return new Equipment(level, features, other, disks, cdroms, networks, console, secondLine, resets);
	}

	public Equipment withDisks(List<String> other) {
		return new Equipment(level, features, boot, other, cdroms, networks, console, secondLine, resets);
	}

	public Equipment withCdroms(List<String> other) {
		return new Equipment(level, features, boot, disks, other, networks, console, secondLine, resets);
	}

	public Equipment withNetworks(List<String> other) {
		return new Equipment(level, features, boot, disks, cdroms, other, console, secondLine, resets);
	}

	public Equipment withConsole(boolean there) {
		return new Equipment(level, features, boot, disks, cdroms, networks, there, secondLine, resets);
	}

	public Equipment withSecondLine(String other) {
		return new Equipment(level, features, boot, disks, cdroms, networks, console, other, resets);
	}

	public Equipment withResets(ResetPolicy other) {
		return new Equipment(level, features, boot, disks, cdroms, networks, console, secondLine, other);
	}
}
