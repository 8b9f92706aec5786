/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What all machines run. Its serial line carries marks; the time between two of them is one sample. Where the first mark
 * is the last one too, the time from the start of the machine's process is the sample.
 *
 * @param name        of the line in the table
 * @param image       an ELF file with entries by PVH and by multiboot 1, or a kernel with one by PVH
 * @param linux       the same kernel for boot loaders, by Linux's boot protocol; empty if multiboot is its protocol
 * @param commandLine handed to the guest
 * @param modules     the first one is Linux's initial RAM disk
 * @param mark        lines that match are marks; what its group 1 matched must be the same on all machines
 * @param lastMark    the guest is ended behind this mark, counted from 0; {@link Integer#MAX_VALUE}: it runs for ever
 */
public record GuestProgram(String name, Path image, Optional<Path> linux, String commandLine, List<Path> modules,
		Pattern mark, int lastMark) {
	/** Guest memory in MB, the same on all machines. */
	public static final int MEMORY = 256;

	/** Whether the time from the start of the machine's process counts. */
	public boolean fromTheStart() {
		return lastMark == 0;
	}

	/** Whether the guest repeats itself, so that one run gives many samples. */
	public boolean endless() {
		return lastMark == Integer.MAX_VALUE;
	}
}
