/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("nls")
class DebianKernelTest {

	@Test
	void kernelOfDebianIsAnElf64ImageWithAPvhEntry() throws IOException {
		DebianKernel.Outcome outcome = DebianKernel.vmlinux(DebianKernel.defaultCacheDirectory());
		if (outcome.vmlinux().isEmpty()) {
			System.err.println("SKIPPED: " + outcome.reason());
			Assumptions.abort(outcome.reason());
		}
		Elf64 kernel = new Elf64(Files.readAllBytes(outcome.vmlinux().orElseThrow()));
		long entry = kernel.pvhEntry().orElseThrow();
		assertTrue(kernel.segments(Elf64.PT_LOAD).stream().anyMatch(
				segment -> entry >= segment.physical() && entry < segment.physical() + segment.fileSize()));
	}

	@Test
	void unusableCacheDirectoryIsAReasonAndNotAnException(@TempDir Path directory) throws IOException {
		Path file = Files.createFile(directory.resolve("file"));
		DebianKernel.Outcome outcome = DebianKernel.vmlinux(file.resolve("below"));
		assertTrue(outcome.vmlinux().isEmpty());
		assertTrue(outcome.reason().contains(file.toString()), outcome.reason());
	}

	@Test
	void fileThatIsNoBzImageIsRefused() {
		IOException refusal = assertThrows(IOException.class, () -> new BzImage(new byte[1024]));
		assertEquals("not a bzImage of boot protocol 2.08 or newer", refusal.getMessage());
	}
}
