/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads whole files, with messages that a user can act on. */
@SuppressWarnings("nls")
final class ImageFile {
	/** An array's limit; no image for this machine comes near it. */
	private static final long LARGEST = Integer.MAX_VALUE - 16L;

	private ImageFile() {
	}

	static byte[] read(Path file) throws ImageException {
		if (!Files.exists(file)) {
			throw new ImageException(file + ": no such file");
		}
		if (Files.isDirectory(file)) {
			throw new ImageException(file + ": is a directory; name the image file in it");
		}
		if (!Files.isRegularFile(file)) {
			throw new ImageException(file + ": is not a regular file");
		}
		try {
			long size = Files.size(file);
			if (size == 0) {
				throw new ImageException(file + ": is empty");
			}
			if (size > LARGEST) {
				throw new ImageException(file + ": is larger than 2 GB");
			}
			return Files.readAllBytes(file);
		} catch (AccessDeniedException e) {
			throw new ImageException(file + ": may not be read; check its permissions");
		} catch (IOException e) {
			throw new ImageException(file + ": cannot be read: " + e.getMessage());
		} catch (OutOfMemoryError e) {
			throw new ImageException(file + ": is too large for this process's memory");
		}
	}
}
