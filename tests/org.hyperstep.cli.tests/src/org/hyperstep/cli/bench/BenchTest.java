/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

import org.hyperstep.cli.Console;
import org.hyperstep.cli.Main;
import org.junit.jupiter.api.Test;

/** The table that the README's figures come from. */
@SuppressWarnings("nls")
class BenchTest {
	@Test
	void everyRowGivesAFigure() {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		StringWriter err = new StringWriter();
		Console console = new Console(new ByteArrayInputStream(new byte[0]), out, new PrintWriter(err, true));
		assertEquals(0, Main.execute(console, Main::launch, "bench", "--seconds", "0.3"), err.toString());
		String table = out.toString(StandardCharsets.UTF_8);
		long rows = table.lines().filter(line -> line.matches("\\| [^|]+ \\| [0-9][0-9,.]* \\| [^|]+ \\|")).count();
		assertEquals(table.lines().filter(line -> line.startsWith("| ")).count() - 1, rows, table);
		assertTrue(rows > GuestLoop.values().length, table);
		assertTrue(table.startsWith("| what | figure | unit |\n|---|--:|---|\n"), table);
	}
}
