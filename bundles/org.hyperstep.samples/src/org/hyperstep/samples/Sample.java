/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;

/** The sample guests: ELF64 images with debug information, entered by multiboot 1, PVH or their program headers. */
@SuppressWarnings("nls")
public enum Sample {
	TICKER("ticker", "computes, while the local APIC's timer interrupts it all the time (DWARF 5)"),
	TICKER_DWARF4("ticker-dwarf4", "the same with DWARF 4"),
	SEAMS("seams", "the processor's corner cases, one line of output for each"),
	RELAY("relay", "processors that send each other interrupts in a ring, each of which must arrive once"),
	BENCH("bench",
			"workloads to compare machines by: sieve, hash, sort, list, calls, movs, smc, ports, int, ipi, timer"),
	NESTED("nested", "a minimal hypervisor that runs a guest of its own (VMX or SVM)"),
	TRIPLE_FAULT("triplefault", "faults without an interrupt descriptor table"),
	DEAD_LOOP("deadloop", "jumps to itself for ever with interrupts off"),
	HLT_FOREVER("hltforever", "halts for ever with interrupts off");

	/** The directory under which the debug information of every sample records its sources. */
	public static final String SOURCE_ROOT = "/hyperstep/samples";

	private final String label;
	private final String description;

	Sample(String label, String description) {
		this.label = label;
		this.description = description;
	}

	/** The name that a user types, for example {@code ticker}. */
	public String label() {
		return label;
	}

	/** What the guest does, as a phrase without a full stop. */
	public String description() {
		return description;
	}

	/** The name of the image's file, for example {@code ticker.elf}. */
	public String fileName() {
		return label + ".elf";
	}

	/**
	 * Opens the image for reading; the caller closes it.
	 *
	 * @throws IOException if this installation lacks the image
	 */
	public InputStream image() throws IOException {
		return GuestFiles.open("built/" + fileName());
	}

	/**
	 * Copies the image into a directory, which must exist, over an older copy.
	 *
	 * @return the copy
	 */
	public Path copyTo(Path directory) throws IOException {
		Path target = directory.resolve(fileName());
		try (InputStream image = image()) {
			Files.copy(image, target, StandardCopyOption.REPLACE_EXISTING);
		}
		return target;
	}

	/** The sample of this {@link #label()}, if there is one. */
	public static Optional<Sample> byName(String name) {
		return Arrays.stream(values()).filter(sample -> sample.label.equals(name)).findFirst();
	}
}
