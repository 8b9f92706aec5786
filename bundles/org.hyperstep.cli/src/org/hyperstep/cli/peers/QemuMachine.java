/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** QEMU with its translator, TCG. */
@SuppressWarnings("nls")
public final class QemuMachine implements PeerMachine {
	private static final String PROGRAM = "qemu-system-x86_64";

	@Override
	public String name() {
		return "QEMU TCG";
	}

	@Override
	public Optional<String> lacking() {
		return Programs.lacking(List.of(PROGRAM), List.of());
	}

	@Override
	public List<String> command(GuestProgram program, Path directory) {
		List<String> command = new ArrayList<>(List.of(PROGRAM, "-accel", "tcg", "-cpu", "max", "-m",
				GuestProgram.MEMORY + "M", "-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot",
				"-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", program.image().toString(), "-append",
				program.commandLine()));
		if (!program.modules().isEmpty()) {
			command.addAll(List.of("-initrd", program.modules().get(0).toString()));
		}
		return command;
	}
}
