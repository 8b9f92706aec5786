/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A machine, ours or another's, that runs a guest in a process of its own with the serial line on its stdout. */
public interface PeerMachine {
	/** The name in the table. */
	String name();

	/** What is missing on this host to run it, in words; empty if nothing is. */
	Optional<String> lacking();

	/**
	 * The command that runs a guest.
	 *
	 * @param directory for files of its own; empty, and deleted afterwards
	 * @throws IOException if the machine cannot take this guest, with the reason
	 */
	List<String> command(GuestProgram program, Path directory) throws IOException;
}
