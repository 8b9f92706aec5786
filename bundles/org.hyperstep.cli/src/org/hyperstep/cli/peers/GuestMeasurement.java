/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Measures guests on machines by the processor time of their processes between the guests' marks, so that neither
 * starting a machine nor loading a guest counts, unless the guest is about that. Of an endless guest the first rounds are left out: translators and JIT
 * compilers work then.
 *
 * @param warmUp  seconds of processor time behind the first mark of which no sample is taken
 * @param seconds of processor time for which samples are taken then, but at least {@link #FEWEST}
 * @param limit   seconds of the host's clock after which the process is ended in any case
 */
@SuppressWarnings("nls")
public record GuestMeasurement(double warmUp, double seconds, double limit) {
	private static final int FEWEST = 3;

	/** Runs the guest and takes its time. */
	public Samples measure(PeerMachine machine, GuestProgram program) throws IOException {
		Optional<String> lacking = machine.lacking();
		if (lacking.isPresent()) {
			return Samples.none(lacking.get());
		}
		Path directory = Files.createTempDirectory("hyperstep-peer");
		try {
			return run(machine.command(program, directory), program);
		} catch (IOException e) {
			return Samples.none(String.valueOf(e.getMessage()));
		} finally {
			delete(directory);
		}
	}

	private Samples run(List<String> command, GuestProgram program) throws IOException {
		Process process = new ProcessBuilder(command).redirectInput(Redirect.from(new File("/dev/null")))
				.redirectError(Redirect.DISCARD).start();
		// Ended from outside, its output ends, and so does the reading of it.
		CompletableFuture<Void> watch = CompletableFuture.runAsync(process::destroyForcibly,
				CompletableFuture.delayedExecutor(Math.round(limit * 1000), TimeUnit.MILLISECONDS));
		try (BufferedReader serial = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
			return read(process, serial, program);
		} finally {
			watch.cancel(false);
			process.destroyForcibly();
		}
	}

	private Samples read(Process process, BufferedReader serial, GuestProgram program) throws IOException {
		List<Double> samples = new ArrayList<>();
		String checksum = "";
		double first = Double.NaN;
		double before = Double.NaN;
		int marks = 0;
		for (String line = serial.readLine(); line != null; line = serial.readLine()) {
			Matcher mark = program.mark().matcher(line);
			if (!mark.find()) {
				continue;
			}
			double now = ProcessorTime.of(process);
			if (program.fromTheStart()) {
				samples.add(ProcessorTime.sinceStart(process));
			} else if (marks == 0) {
				first = now;
			} else if (!program.endless() || before - first > warmUp) {
				samples.add(now - before);
			}
			if (mark.groupCount() > 0) {
				checksum = mark.group(1);
			}
			before = now;
			if (marks++ == program.lastMark() || samples.size() >= FEWEST && now - first > warmUp + seconds) {
				return new Samples(samples, checksum, Optional.empty());
			}
		}
		return samples.isEmpty() ? Samples.none("the guest did not come to its mark")
				: new Samples(samples, checksum, Optional.empty());
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}
}
