/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.input;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.device.SerialPort;

/** Where the bytes go that the guest sends over its second serial line. */
@SuppressWarnings("nls")
public sealed interface SerialDestination {
	/** Nobody is connected. */
	record Nobody() implements SerialDestination {
		@Override
		public void connect(Machine machine) {
			machine.secondSerial().disconnect();
		}
	}

	/** The guest receives what it sends, as far as the receiver takes it. */
	record Loop() implements SerialDestination {
		@Override
		public void connect(Machine machine) {
			SerialPort line = machine.secondSerial();
			line.setSink(value -> line.receive(new byte[] { (byte) value }));
		}
	}

	/** A file, which is written anew. What was sent is in it at the end of each line. */
	record ToFile(Path file) implements SerialDestination {
		@Override
		public void connect(Machine machine) throws MachineException {
			OutputStream out;
			try {
				out = new BufferedOutputStream(Files.newOutputStream(file));
			} catch (IOException e) {
				throw new MachineException(file + ": cannot be written: " + e.getMessage());
			}
			machine.closeWithMachine(out);
			machine.secondSerial().setSink(value -> write(out, value));
		}

		private static void write(OutputStream out, int value) {
			try {
				out.write(value);
				if (value == '\n') {
					out.flush();
				}
			} catch (IOException e) {
				throw new UncheckedIOException("The file of the second serial line cannot be written", e);
			}
		}
	}

	/** Connects the machine's second serial line. */
	void connect(Machine machine) throws MachineException;

	/**
	 * Reads {@code none}, {@code loop} or {@code file:FILE}.
	 *
	 * @throws MachineException with a message for the user
	 */
	static SerialDestination parse(String text) throws MachineException {
		if (text.isEmpty() || text.equals("none")) {
			return new Nobody();
		}
		if (text.equals("loop")) {
			return new Loop();
		}
		String prefix = "file:";
		try {
			if (text.startsWith(prefix) && text.length() > prefix.length()) {
				return new ToFile(Path.of(text.substring(prefix.length())));
			}
		} catch (InvalidPathException e) {
			throw new MachineException("'" + text.substring(prefix.length()) + "' is not a file name");
		}
		throw new MachineException("'" + text + "' is no place for a serial line: none, loop or file:FILE is wanted");
	}
}
