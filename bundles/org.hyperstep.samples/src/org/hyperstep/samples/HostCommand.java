/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the host, without input and in the C locale, and turns their failure into an IOException. */
@SuppressWarnings("nls")
final class HostCommand {

	private static final long LIMIT_MINUTES = 10;
	private static final File NOTHING = new File("/dev/null");

	private HostCommand() {
	}

	/** Runs one program and returns what it wrote to its standard output. */
	static String run(Path directory, List<String> command) throws IOException {
		Path output = Files.createTempFile(directory, "output", ".txt");
		pipe(directory, output, List.of(command));
		return Files.readString(output, StandardCharsets.UTF_8);
	}

	/** Runs programs, each reading what the one before it writes; the last one's output is dropped. */
	@SafeVarargs
	static void pipe(Path directory, List<String>... commands) throws IOException {
		pipe(directory, Files.createTempFile(directory, "output", ".txt"), Arrays.asList(commands));
	}

	/** Runs programs, each reading what the one before it writes; the last one writes the given file. */
	static void pipe(Path directory, Path output, List<List<String>> commands) throws IOException {
		Path errors = Files.createTempFile(directory, "errors", ".txt");
		List<ProcessBuilder> builders = commands.stream().map(command -> builder(directory, command, errors)).toList();
		builders.getFirst().redirectInput(NOTHING);
		builders.getLast().redirectOutput(output.toFile());
		List<Process> processes = ProcessBuilder.startPipeline(builders);
		try {
			for (int i = 0; i < processes.size(); i++) {
				await(processes.get(i), commands.get(i), errors);
			}
		} finally {
			processes.forEach(Process::destroy);
		}
	}

	private static ProcessBuilder builder(Path directory, List<String> command, Path errors) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
				.redirectError(Redirect.appendTo(errors.toFile()));
		builder.environment().put("LC_ALL", "C");
		return builder;
	}

	private static void await(Process process, List<String> command, Path errors) throws IOException {
		try {
			if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
				throw new IOException(String.join(" ", command) + " did not end in " + LIMIT_MINUTES + " minutes");
			}
		} catch (InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new IOException(String.join(" ", command) + " was interrupted", e);
		}
		if (process.exitValue() != 0) {
			throw new IOException(String.join(" ", command) + " failed with status " + process.exitValue() + ": "
					+ Files.readString(errors, StandardCharsets.UTF_8).strip());
		}
	}
}
