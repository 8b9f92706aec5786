/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.hyperstep.selftest.Check;
import org.hyperstep.selftest.Suite;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hyperstep selftest}: proves on this machine what the product promises of stepping. */
@SuppressWarnings("nls")
@Command(name = "selftest", sortOptions = false, //
		description = "Proves what the debugger promises of stepping and masking, on the engine as it runs here. Prints a "
				+ "table and \"N passed, N failed\"; the exit status is 0 if nothing failed, else 1.")
final class SelftestCommand implements Callable<Integer> {
	private static final int FAILED = 1;
	private static final double SECOND = 1e9;

	private final Console console;

	@Parameters(paramLabel = "NAME", arity = "0..*", description = "suites: debug-registers, timer-storm, rules, "
			+ "transparent-stepping, nested, non-stop; none: all")
	private List<String> names = new ArrayList<>();

	@Option(names = "--programs", paramLabel = "N", description = "generated programs of transparent-stepping (default: ${DEFAULT-VALUE})")
	private long programs = Suite.Options.DEFAULT.programs();

	@Option(names = "--seed", paramLabel = "S", description = "the first program; the others follow it (default: ${DEFAULT-VALUE})")
	private long seed = Suite.Options.DEFAULT.seed();

	SelftestCommand(Console console) {
		this.console = console;
	}

	@Override
	public Integer call() throws Exception {
		if (programs < 1) {
			throw new UsageException("--programs takes 1 and more");
		}
		List<Suite> suites = suites();
		PrintWriter out = console.text();
		int passed = 0;
		int failed = 0;
		ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
		try {
			for (Suite suite : suites) {
				out.println(suite.label() + ": " + suite.title());
				long start = System.nanoTime();
				for (Future<Check.Result> future : start(threads, suite)) {
					Check.Result result = future.get();
					passed += result.passed() ? 1 : 0;
					failed += result.passed() ? 0 : 1;
					print(out, result);
				}
				out.println(String.format(Locale.ROOT, "  %.1f s", (System.nanoTime() - start) / SECOND));
				out.flush();
			}
		} finally {
			threads.shutdownNow();
		}
		out.println(passed + " passed, " + failed + " failed");
		out.flush();
		return failed == 0 ? ExitCode.OK.status() : FAILED;
	}

	private List<Future<Check.Result>> start(ExecutorService threads, Suite suite) {
		List<Future<Check.Result>> results = new ArrayList<>();
		for (Check check : suite.checks(new Suite.Options(programs, seed))) {
			results.add(threads.submit(() -> check.run(suite.label())));
		}
		return results;
	}

	private static void print(PrintWriter out, Check.Result result) {
		out.println("  " + (result.passed() ? "passed" : "FAILED") + "  " + result.name()
				+ (result.text().isEmpty() ? "" : ": " + result.text()));
		out.flush();
	}

	private List<Suite> suites() throws UsageException {
		if (names.isEmpty()) {
			return List.of(Suite.values());
		}
		List<Suite> wanted = new ArrayList<>();
		for (String name : names) {
			wanted.add(Arrays.stream(Suite.values()).filter(suite -> suite.label().equals(name)).findFirst()
					.orElseThrow(() -> new UsageException("there is no suite '" + name + "'; there are "
							+ Arrays.stream(Suite.values()).map(Suite::label).collect(Collectors.joining(", ")))));
		}
		return wanted;
	}
}
