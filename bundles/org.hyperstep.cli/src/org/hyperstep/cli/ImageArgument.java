/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.samples.Sample;

/** IMAGE on the command line: a file, or the name of a sample, which is then unpacked until this is closed. */
@SuppressWarnings("nls")
final class ImageArgument implements AutoCloseable {
	private final Path path;
	private final @Nullable Path unpacked;

	private ImageArgument(Path path, @Nullable Path unpacked) {
		this.path = path;
		this.unpacked = unpacked;
	}

	/**
	 * Finds what the user named. A file comes first; a directory of a sample's name does not hide the sample.
	 *
	 * @throws UsageException if it is neither a path nor a sample's name
	 */
	static ImageArgument find(String argument) throws UsageException {
		Path file;
		try {
			file = Path.of(argument);
		} catch (InvalidPathException e) {
			throw new UsageException("'" + argument + "' is not a file name");
		}
		if (Files.isRegularFile(file)) {
			return new ImageArgument(file, null);
		}
		Optional<Sample> sample = Sample.byName(argument);
		if (sample.isPresent()) {
			return unpack(sample.get());
		}
		if (!Files.exists(file) && file.getNameCount() == 1) {
			throw new UsageException(
					argument + ": no such file, and no sample of that name; the samples are " + names());
		}
		return new ImageArgument(file, null);
	}

	/** A file that is named as such. */
	static ImageArgument of(Path file) {
		return new ImageArgument(file, null);
	}

	private static ImageArgument unpack(Sample sample) throws UsageException {
		try {
			Path directory = Files.createTempDirectory("hyperstep");
			return new ImageArgument(sample.copyTo(directory), directory);
		} catch (IOException e) {
			throw new UsageException("sample " + sample.label() + " cannot be unpacked: " + e.getMessage());
		}
	}

	private static String names() {
		return Arrays.stream(Sample.values()).map(Sample::label).collect(Collectors.joining(", "));
	}

	Path path() {
		return path;
	}

	@Override
	public void close() {
		Path directory = unpacked;
		if (directory != null) {
			try {
				Files.deleteIfExists(path);
				Files.deleteIfExists(directory);
			} catch (IOException e) {
				// What stays is in the system's directory for temporary files.
				directory.toFile().deleteOnExit();
			}
		}
	}
}
