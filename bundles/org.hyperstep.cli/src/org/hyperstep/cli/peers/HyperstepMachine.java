/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.hyperstep.cli.Main;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.hypervisor.VirtualMachine;
import org.hyperstep.machine.Machine;
import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.Suite;
import org.hyperstep.symbols.SymbolFile;
import org.hyperstep.x86.Processor;

import picocli.CommandLine;

/**
 * Hyperstep in a Java virtual machine of its own, started as this one was.
 *
 * @param virtualization what the guest runs on
 */
@SuppressWarnings("nls")
public record HyperstepMachine(Virtualization virtualization) implements PeerMachine {
	/** A class of each bundle and library that the command line needs. */
	private static final List<Class<?>> ONE_OF_EACH = List.of(Main.class, Suite.class, Target.class,
			VirtualMachine.class,
			Machine.class, Processor.class, SymbolFile.class, Sample.class, CommandLine.class);

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

	/** Where each bundle's classes come from: a class path names them in a plain Java, bundles in an OSGi framework. */
	private static String classPath() {
		Set<String> places = new LinkedHashSet<>();
		for (Class<?> one : ONE_OF_EACH) {
			places.add(place(one));
		}
		return String.join(File.pathSeparator, places);
	}

	private static String place(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toAbsolutePath()
					.toString();
		} catch (URISyntaxException e) {
			throw new IllegalStateException(e);
		}
	}
}
