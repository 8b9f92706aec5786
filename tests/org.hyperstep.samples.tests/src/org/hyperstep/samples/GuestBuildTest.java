/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images that are checked in are what the sources give, as far as the same compiler is at hand. */
@SuppressWarnings("nls")
class GuestBuildTest {

	/** What the images were built with; change it together with them. */
	private static final String COMPILER = "gcc (Debian 12.2.0-14+deb12u1) 12.2.0";
	private static final String LINKER = "GNU ld (GNU Binutils for Debian) 2.40";

	@Test
	void builtImagesAreWhatTheSourcesGive(@TempDir Path directory) throws IOException {
		requireTool(directory, COMPILER, "gcc", "--version");
		requireTool(directory, LINKER, "ld", "--version");
		HostCommand.run(directory,
				List.of("make", "-C", GuestSources.directory().toString(), "OUT=" + directory.resolve("built")));
		for (Sample sample : Sample.values()) {
			byte[] checkedIn = Files.readAllBytes(GuestSources.directory().resolve("built").resolve(sample.fileName()));
			byte[] rebuilt = Files.readAllBytes(directory.resolve("built").resolve(sample.fileName()));
			assertSameSegments(sample, new Elf64(checkedIn), new Elf64(rebuilt));
			assertArrayEquals(checkedIn, rebuilt, sample + ": same code, but other symbols or debug information");
		}
	}

	private static void assertSameSegments(Sample sample, Elf64 checkedIn, Elf64 rebuilt) {
		List<Elf64.Segment> segments = checkedIn.segments(Elf64.PT_LOAD);
		assertEquals(segments, rebuilt.segments(Elf64.PT_LOAD), sample + ": other segments");
		for (Elf64.Segment segment : segments) {
			assertArrayEquals(checkedIn.contentOf(segment), rebuilt.contentOf(segment),
					sample + ": other code or data");
		}
	}

	private static void requireTool(Path directory, String wanted, String... command) {
		Optional<String> found = GuestSources.firstLineOf(directory, command);
		if (!found.equals(Optional.of(wanted))) {
			String message = "SKIPPED: the sample guests were not rebuilt: they are made with \"" + wanted
					+ "\", here is " + found.map(line -> '"' + line + '"').orElse("none");
			System.err.println(message);
			Assumptions.abort(message);
		}
	}
}
