/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.hyperstep.machine.Attachments;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.machine.image.BootChoice;
import org.hyperstep.machine.image.BootModule;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.machine.network.NetworkRequest;
import org.hyperstep.machine.video.DisplayAdapter;
import org.hyperstep.machine.video.TextScreen;
import org.hyperstep.machine.virtio.VirtioConsole;
import org.hyperstep.samples.DebianKernel;

/** A guest spoken to over the first serial port as a person would. */
@SuppressWarnings("nls")
final class LinuxGuest implements AutoCloseable {
	/** A command line for Debian's kernel that shows what it does on the serial port and spares self-tests. */
	static final String COMMAND_LINE = "console=ttyS0 cryptomgr.notests";
	static final String PROMPT = "/ # ";
	private static final long SLICE = 20_000_000, LONGEST = 120_000_000_000L;
	private static final long MEMORY = 256L << 20;

	final Machine machine;
	final VirtualMachine guest;
	private final ByteArrayOutputStream serial = new ByteArrayOutputStream();
	private final ByteArrayOutputStream console = new ByteArrayOutputStream();
	private final BootReport report;
	private final Virtualization virtualization;
	private int seen;

	/**
	 * Starts a guest.
	 *
	 * @param boot a {@link BootChoice}
	 */
	LinuxGuest(Virtualization virtualization, int cpus, String boot, Path image, String commandLine, List<Path> modules,
			List<DriveRequest> drives) throws Exception {
		this(virtualization, cpus, boot, image, commandLine, modules.stream().map(BootModule::of).toList(),
				Attachments.open(drives), MEMORY);
	}

	/** An image with modules that have words of their own, in so much memory. */
	static LinuxGuest withModules(Virtualization virtualization, int cpus, String boot, Path image, String commandLine,
			List<BootModule> modules, long memory) throws Exception {
		return new LinuxGuest(virtualization, cpus, boot, image, commandLine, modules, Attachments.open(List.of()),
				memory);
	}

	/** A kernel by PVH with a virtio console, and a network on which it reaches one port. */
	static LinuxGuest withNetwork(Virtualization virtualization, Path kernel, Path files, int port) throws Exception {
		LinuxGuest linux = new LinuxGuest(virtualization, 1, "pvh", kernel, COMMAND_LINE, List.of(BootModule.of(files)),
				Attachments.open(List.of(), List.of(new NetworkRequest(false, Set.of(port))), true), MEMORY);
		linux.machine.device(VirtioConsole.class).setSink(linux.console::write);
		return linux;
	}

	private LinuxGuest(Virtualization virtualization, int cpus, String boot, Path image, String commandLine,
			List<BootModule> modules, Attachments attachments, long memory) throws Exception {
		this.virtualization = virtualization;
		report = new BootReport(image.getFileName() + " by " + boot);
		CpuVendor vendor = virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD;
		machine = new Machine(MachineDescription.pc(memory, cpus, vendor).with(attachments.rows()));
		machine.serial().setSink(serial::write);
		guest = VirtualMachine.create(machine);
		BootChoice choice = BootChoice.parse(boot);
		guest.start(machine.load(choice.open(image), new LoadRequest(commandLine, modules, choice.protocol())));
	}

	/** All that was printed. */
	String output() {
		return serial.toString(StandardCharsets.ISO_8859_1);
	}

	/** All that was printed on the virtio console. */
	String console() {
		return console.toString(StandardCharsets.ISO_8859_1);
	}

	/** Runs until a text is printed behind what was awaited before, and returns what was printed up to it. */
	String await(String text) {
		long end = guest.time() + LONGEST;
		int found;
		while ((found = output().indexOf(text, seen)) < 0) {
			VcpuStop stop = guest.run(SLICE);
			if (!(stop instanceof VcpuStop.SliceOver)) {
				fail("stopped with " + stop + " instead of printing '" + text + "'; it printed\n" + output());
			}
			assertTrue(guest.time() < end, () -> "did not print '" + text + "' but\n" + output());
		}
		String before = output().substring(seen, found);
		seen = found + text.length();
		return before;
	}

	/** The text on the screen; empty in a graphics mode. */
	String screen() {
		return machine.device(DisplayAdapter.class).text().map(TextScreen::text).orElse("");
	}

	/** Runs until a condition holds, for so long in the guest's time at most. */
	void await(String what, BooleanSupplier condition, long longest) {
		long end = guest.time() + longest;
		while (!condition.getAsBoolean()) {
			VcpuStop stop = guest.time() < end ? guest.run(SLICE) : null;
			if (!(stop instanceof VcpuStop.SliceOver)) {
				fail("no " + what + "; stopped with " + stop + " after " + guest.time() + " ns:\n" + screen() + "\n"
						+ output());
			}
		}
	}

	/** Types a line. */
	void type(String line) {
		machine.input().offer("COM1", (line + "\n").getBytes(StandardCharsets.UTF_8));
	}

	/** Types a line and returns what is printed up to the next prompt. */
	String command(String line) {
		type(line);
		return await(PROMPT);
	}

	/** Linux comes to its shell, does as it is told there, and switches the machine off. */
	void obeysAndSwitchesOff() {
		await(PROMPT);
		String processors = command("cat /proc/cpuinfo");
		assertEquals(guest.cpus().size(), processors.lines().filter(line -> line.startsWith("processor")).count(),
				processors);
		assertTrue(command("dmesg").contains("Linux version 6"));
		assertTrue(command("dmesg | grep -c Linux; echo $((6 * 7)) | tr 4 x").contains("x2"));
		type("poweroff");
		awaitEnd();
	}

	/** Runs to the guest's end of its own will. */
	void awaitEnd() {
		long end = guest.time() + LONGEST;
		while (true) {
			VcpuStop stop = guest.run(SLICE);
			if (stop instanceof VcpuStop.MachineExit) {
				return;
			}
			if (!(stop instanceof VcpuStop.SliceOver) || guest.time() > end) {
				fail("stopped with " + stop + " instead of ending; it printed\n" + output());
			}
		}
	}

	@Override
	public void close() throws IOException {
		report.print(guest, virtualization);
		machine.close();
	}

	// What the tests boot

	/** Debian's kernel package: {@code vmlinuz} and modules in one directory. Skips the test loudly where it is not to be had. */
	static Path kernelFiles() {
		DebianKernel.Package files = DebianKernel.files(DebianKernel.defaultCacheDirectory());
		return found(files.directory(), "Debian's kernel is not to be had here: " + files.reason());
	}

	static Path vmlinux() {
		DebianKernel.Outcome outcome = DebianKernel.vmlinux(DebianKernel.defaultCacheDirectory());
		return found(outcome.vmlinux(), "Debian's kernel is not to be had here: " + outcome.reason());
	}

	/** A file of a Debian package that the tests install where they may. */
	static Path installed(String file, String debianPackage) {
		Path path = Path.of(file);
		return found(Optional.of(path).filter(Files::isReadable),
				file + " is not installed (Debian's package " + debianPackage + ")");
	}

	private static Path found(Optional<Path> file, String otherwise) {
		if (file.isEmpty()) {
			System.err.println("*** SKIPPED: " + otherwise + " ***");
		}
		assumeTrue(file.isPresent(), otherwise);
		return file.orElseThrow();
	}
}
