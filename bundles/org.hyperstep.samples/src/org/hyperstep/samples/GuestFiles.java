/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The bundle's folder {@code guests}, which lies at the root of the bundle's jar, or beside or above the classes when
 * they run from a directory.
 */
@SuppressWarnings("nls")
final class GuestFiles {

	private GuestFiles() {
	}

	/** Opens a file given relative to {@code guests}, with slashes. */
	static InputStream open(String file) throws IOException {
		String name = "guests/" + file;
		@Nullable
		InputStream resource = GuestFiles.class.getResourceAsStream("/" + name);
		if (resource != null) {
			return resource;
		}
		for (@Nullable
		Path directory = classesLocation(); directory != null; directory = directory.getParent()) {
			Path candidate = directory.resolve(name);
			if (Files.isRegularFile(candidate)) {
				return Files.newInputStream(candidate);
			}
		}
		throw new NoSuchFileException(name, null, "is not part of this installation of org.hyperstep.samples");
	}

	private static @Nullable Path classesLocation() {
		@Nullable
		CodeSource source = GuestFiles.class.getProtectionDomain().getCodeSource();
		if (source == null || source.getLocation() == null || !"file".equals(source.getLocation().getProtocol())) {
			return null;
		}
		try {
			return Path.of(source.getLocation().toURI());
		} catch (URISyntaxException e) {
			throw new UncheckedIOException(new IOException("location of the classes: " + source.getLocation(), e));
		}
	}
}
