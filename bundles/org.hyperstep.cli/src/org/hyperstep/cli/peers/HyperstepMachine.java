/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.hyperstep.cli.Main;
import org.hyperstep.debug.Virtualization;

/**
 * Hyperstep in a Java virtual machine of its own, started as this one was.
 *
 * @param virtualization what the guest runs on
 */
@SuppressWarnings("nls")
public record HyperstepMachine(Virtualization virtualization) implements PeerMachine {
	@Override
	public String name() {
		return "Hyperstep " + virtualization;
	}

	@Override
	public Optional<String> lacking() {
		return Optional.empty();
	}

	@Override
	public List<String> command(GuestProgram program, Path directory) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
			if (argument.startsWith("-X")) {
				command.add(argument);
			}
		}
		command.addAll(List.of("-cp", classPath(), Main.class.getName(), "run"));
		command.addAll(List.of("--cpu", virtualization == Virtualization.VMX ? "intel" : "amd"));
		command.addAll(List.of("--memory", String.valueOf(GuestProgram.MEMORY), "--append", program.commandLine()));
		for (Path module : program.modules()) {
			command.addAll(List.of("--initrd", module.toString()));
		}
		command.add(program.image().toString());
		return command;
	}

	/** As absolute paths: the process may start elsewhere. */
	private static String classPath() {
		List<String> entries = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			entries.add(Path.of(entry).toAbsolutePath().toString());
		}
		return String.join(File.pathSeparator, entries);
	}
}
