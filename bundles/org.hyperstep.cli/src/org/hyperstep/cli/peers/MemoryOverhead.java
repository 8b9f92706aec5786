/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.hyperstep.cli.Launcher;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.machine.image.BootModule;

/**
 * What a guest takes of this Java virtual machine's heap beside its RAM: the processor's caches, translation tables,
 * devices. The event journal is off: its size is the launch's choice.
 *
 * @param launcher makes the target
 * @param program  comes to its only mark
 * @param limit    seconds that it may take
 */
@SuppressWarnings("nls")
public record MemoryOverhead(Launcher launcher, GuestProgram program, long limit) {

	/**
	 * Runs the guest to its mark and looks.
	 *
	 * @param ram the guest's RAM in bytes
	 * @return bytes
	 * @throws IOException     if it does not come to its mark
	 * @throws TargetException if it cannot be launched
	 */
	public long measure(Virtualization virtualization, long ram) throws IOException, TargetException {
		TargetConfiguration configuration = TargetConfiguration.of(program.image())
				.withCommandLine(program.commandLine())
				.withModules(program.modules().stream().map(BootModule::of).toList()).withMemory(ram)
				.withVirtualization(virtualization).withJournal(0);
		long before = inUse();
		try (Target target = launcher.launch(configuration)) {
			CountDownLatch marked = new CountDownLatch(1);
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			target.serial().addSink(bytes -> look(bytes, line, marked));
			target.resume().get();
			if (!marked.await(limit, TimeUnit.SECONDS)) {
				throw new IOException("the guest did not come to its mark");
			}
			target.suspend().get();
			return inUse() - before - ram;
		} catch (ExecutionException | InterruptedException e) {
			throw new IOException(e);
		}
	}

	private void look(byte[] bytes, ByteArrayOutputStream line, CountDownLatch marked) {
		for (byte next : bytes) {
			if (next != '\n') {
				line.write(next);
				continue;
			}
			if (program.mark().matcher(line.toString(StandardCharsets.ISO_8859_1)).find()) {
				marked.countDown();
			}
			line.reset();
		}
	}

	/** Bytes of the heap that anything still refers to. */
	private static long inUse() {
		MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
		memory.gc();
		return memory.getHeapMemoryUsage().getUsed();
	}
}
