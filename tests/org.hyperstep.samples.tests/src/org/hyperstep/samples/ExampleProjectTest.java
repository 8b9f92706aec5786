/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("nls")
class ExampleProjectTest {

	@Test
	void listNamesEveryFileOfTheGuests() throws IOException {
		assertEquals(String.join("\n", GuestSources.files()), String.join("\n", new TreeSet<>(ExampleProject.files())),
				"guests/" + ExampleProject.LIST + " is out of date: run make list in guests");
	}

	@Test
	void projectHoldsDescriptionSourcesAndImages(@TempDir Path directory) throws IOException {
		Path project = directory.resolve("project");
		ExampleProject.writeTo(project);
		assertTrue(Files.readString(project.resolve(".project")).contains("<name>" + ExampleProject.NAME + "</name>"));
		assertEquals(-1L, Files.mismatch(project.resolve("ticker/ticker.c"),
				GuestSources.directory().resolve("ticker/ticker.c")));
		assertTrue(Files.isRegularFile(project.resolve("built/ticker.elf")));
	}
}
