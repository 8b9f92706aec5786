/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of the loops are what the GNU assembler makes of their sources. */
@SuppressWarnings("nls")
class GuestLoopTest {
	@ParameterizedTest
	@EnumSource
	void theBytesAreTheAssembledSource(GuestLoop loop, @TempDir Path directory) throws Exception {
		Path source = Files.writeString(directory.resolve("loop.s"), loop.source());
		Path object = directory.resolve("loop.o");
		Path code = directory.resolve("loop.bin");
		boolean assembled = run("as", "--64", source.toString(), "-o", object.toString())
				&& run("objcopy", "-O", "binary", object.toString(), code.toString());
		if (!assembled) {
			System.err.println("*** SKIPPED: GNU as and objcopy are not installed (Debian: binutils) ***");
		}
		assumeTrue(assembled, "GNU as and objcopy are not installed");
		assertArrayEquals(Files.readAllBytes(code), loop.code());
	}

	/** Whether the tool exists; it must succeed then. */
	private static boolean run(String... command) throws InterruptedException {
		try {
			Process process = new ProcessBuilder(command).inheritIO().start();
			assertEquals(0, process.waitFor(), command[0]);
			return true;
		} catch (IOException missing) {
			return false;
		}
	}
}
