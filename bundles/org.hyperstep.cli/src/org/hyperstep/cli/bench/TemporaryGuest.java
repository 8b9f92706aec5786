/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.samples.Sample;

/**
 * A guest whose image lies in a directory of its own; both are deleted when it is closed.
 *
 * @param configuration what to launch
 */
@SuppressWarnings("nls")
record TemporaryGuest(TargetConfiguration configuration) implements AutoCloseable {
	private static final String DIRECTORY = "hyperstep";

	static TemporaryGuest of(Sample sample, String commandLine) throws IOException {
		Path image = sample.copyTo(Files.createTempDirectory(DIRECTORY));
		return new TemporaryGuest(TargetConfiguration.of(image).withCommandLine(commandLine));
	}

	/** A guest of bare 64-bit code, as {@link BootableCode} makes it. */
	static TemporaryGuest of(byte[] code) throws IOException {
		Path image = Files.createTempDirectory(DIRECTORY).resolve("code.elf");
		Files.write(image, BootableCode.elf64(code));
		return new TemporaryGuest(TargetConfiguration.of(image));
	}

	@Override
	public void close() throws IOException {
		Path image = configuration.image();
		Files.delete(image);
		Files.delete(image.toAbsolutePath().getParent());
	}
}
