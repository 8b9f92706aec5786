/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the host. */
@SuppressWarnings("nls")
final class Programs {
	private static final int LIMIT_SECONDS = 120;

	private Programs() {
	}

	/** Which of these programs and files this host lacks; empty if none. */
	static Optional<String> lacking(List<String> programs, List<Path> files) {
		List<String> missing = new java.util.ArrayList<>();
		for (String program : programs) {
			if (!onPath(program)) {
				missing.add(program);
			}
		}
		for (Path file : files) {
			if (!Files.exists(file)) {
				missing.add(file.toString());
			}
		}
		return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", missing) + " not found");
	}

	private static boolean onPath(String program) {
		String path = System.getenv("PATH");
		for (String directory : (path == null ? "" : path).split(File.pathSeparator)) {
			if (Files.isExecutable(Path.of(directory, program))) {
				return true;
			}
		}
		return false;
	}

	/** Runs a program to its end; what it prints is dropped. */
	static void run(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectInput(Redirect.from(new File("/dev/null")))
				.redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
		try {
			if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
				throw new IOException(command.get(0) + " did not end in " + LIMIT_SECONDS + " seconds");
			}
		} catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IOException(command.get(0) + " was interrupted", e);
		} finally {
			process.destroyForcibly();
		}
		if (process.exitValue() != 0) {
			throw new IOException(command.get(0) + " failed with status " + process.exitValue());
		}
	}
}
