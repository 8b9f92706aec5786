/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Carries command lines out on the embedded engine with streams of the test's. */
final class CommandLineFixture {

	/** What a command line gave. */
	record Outcome(int status, String out, String err) {
	}

	private CommandLineFixture() {
	}

	static Outcome execute(String... args) {
		return execute(new ByteArrayInputStream(new byte[0]), args);
	}

	static Outcome execute(InputStream in, String... args) {
		return execute(in, Main::launch, args);
	}

	static Outcome execute(InputStream in, Launcher launcher, String... args) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		StringWriter err = new StringWriter();
		int status = Main.execute(new Console(in, out, new PrintWriter(err, true)), launcher, args);
		return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString());
	}
}
