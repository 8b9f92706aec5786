/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file handed to the guest beside its image.
 *
 * @param file the file
 * @param text words for the module, such as the command line of the kernel that Xen starts; may be empty
 */
@SuppressWarnings("nls")
public record BootModule(Path file, String text) {
	private static final String TEXT = ",text=";

	/** A file without words. */
	public static BootModule of(Path file) {
		return new BootModule(file, "");
	}

	/**
	 * Reads what a user wrote: {@code FILE[,text=WORDS]}; the words go to the end.
	 *
	 * @throws ImageException with a message for the user
	 */
	public static BootModule parse(String written) throws ImageException {
		String name = nameIn(written);
		if (name.isBlank()) {
			throw new ImageException("a module needs the name of its file");
		}
		try {
			return new BootModule(Path.of(name), textIn(written));
		} catch (InvalidPathException e) {
			throw new ImageException("'" + name + "' is not a file name");
		}
	}

	/** The file's name in what a user wrote. */
	public static String nameIn(String written) {
		int words = written.indexOf(TEXT);
		return words < 0 ? written : written.substring(0, words);
	}

	/** The words in what a user wrote. */
	public static String textIn(String written) {
		int words = written.indexOf(TEXT);
		return words < 0 ? "" : written.substring(words + TEXT.length());
	}

	/** The file's name and the words, as boot loaders write a module's string. */
	String string() {
		Path name = file.getFileName();
		return (name == null ? "" : name.toString()) + (text.isEmpty() ? "" : " " + text);
	}
}
