/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The process's streams.
 *
 * @param in  what is typed
 * @param out unbuffered; raw bytes of the guest, and results
 * @param err messages
 */
public record Console(InputStream in, OutputStream out, PrintWriter err) {

	/** The real ones. */
	public static Console ofProcess() {
		return new Console(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
				new PrintWriter(System.err, true));
	}

	/** A writer of text results; to be flushed. */
	public PrintWriter text() {
		return new PrintWriter(out, false, StandardCharsets.UTF_8);
	}

	/** One line to the user about what went wrong. */
	public void complain(String message) {
		err.println("hyperstep: " + message.replace('\n', ' ')); //$NON-NLS-1$
		err.flush();
	}
}
