/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import org.hyperstep.samples.Sample;

import picocli.CommandLine.Command;

/** {@code hyperstep samples}: the guests that come with Hyperstep. */
@SuppressWarnings("nls")
@Command(name = "samples", description = "Lists the sample guests that run takes by name.")
final class SamplesCommand implements Callable<Integer> {
	private final Console console;

	SamplesCommand(Console console) {
		this.console = console;
	}

	@Override
	public Integer call() {
		try (PrintWriter out = console.text()) {
			for (Sample sample : Sample.values()) {
				out.println(String.format("%-16s %s", sample.label(), sample.description()));
			}
			out.flush();
		}
		return ExitCode.OK.status();
	}
}
