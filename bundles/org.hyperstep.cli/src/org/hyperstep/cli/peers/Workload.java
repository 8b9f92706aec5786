/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The workloads of the sample {@code bench}: its command line's words. */
@SuppressWarnings("nls")
public enum Workload {
	SIEVE("sieve of Eratosthenes"),
	HASH("CRC-32 by table"),
	SORT("quicksort"),
	LIST("list walk"),
	CALLS("recursive calls"),
	MOVS("REP MOVSB"),
	SMC("self-modifying code"),
	PORTS("port reads"),
	INT("INT n and IRET"),
	IPI("self-IPI and EOI"),
	TIMER("local APIC timer interrupts");

	private static final Pattern ROUND = Pattern.compile("^(?:round (0x[0-9a-f]+))$");

	private final String title;

	Workload(String title) {
		this.title = title;
	}

	/** The workload as a program for ever, with the sample's image at the given place. */
	public GuestProgram program(Path image) {
		return new GuestProgram(title, image, Optional.empty(), name().toLowerCase(Locale.ROOT), List.of(), ROUND,
				Integer.MAX_VALUE);
	}
}
