/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

import org.hyperstep.machine.Attachments;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.machine.input.Key;
import org.hyperstep.machine.video.DisplayAdapter;
import org.hyperstep.machine.video.TextScreen;
import org.junit.jupiter.api.Assumptions;

/** A PC that starts from Debian's SeaBIOS, read on its screen and typed at. */
@SuppressWarnings("nls")
final class FirmwareGuest implements AutoCloseable {
	private static final Path FIRMWARE = Path.of("/usr/share/seabios/bios-256k.bin"),
			VIDEO = Path.of("/usr/share/seabios/vgabios-stdvga.bin");
	private static final long MEMORY = 64L << 20, SLICE = 5_000_000;

	final Machine machine;
	final VirtualMachine guest;
	/** What the guest sent over COM1. */
	final ByteArrayOutputStream serial = new ByteArrayOutputStream();
	private final Attachments attachments;
	private final BootReport report;
	private final Virtualization virtualization;

	FirmwareGuest(Virtualization virtualization, int cpus, List<DriveRequest> drives) throws Exception {
		need(FIRMWARE, "seabios");
		this.virtualization = virtualization;
		report = new BootReport("SeaBIOS with " + drives.stream().map(drive -> drive.file().getFileName()).toList());
		attachments = Attachments.open(drives);
		machine = new Machine(MachineDescription
				.pc(MEMORY, cpus, virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD)
				.with(attachments.rows()));
		machine.serial().setSink(serial::write);
		screen().setRom(Files.readAllBytes(VIDEO));
		guest = VirtualMachine.create(machine);
		guest.start(machine.load(GuestImage.firmware("SeaBIOS", Files.readAllBytes(FIRMWARE)), LoadRequest.PLAIN));
	}

	/** Skips the test, and says so, where a file of one of Debian's packages is missing. */
	static void need(Path file, String debianPackage) {
		if (!Files.isReadable(file)) {
			String skipped = "SKIPPED: " + file + " is missing (Debian: apt-get install " + debianPackage + ")";
			System.err.println(skipped);
			Assumptions.abort(skipped);
		}
	}

	DisplayAdapter screen() {
		return machine.device(DisplayAdapter.class);
	}

	/** The screen's text; empty in a graphics mode. */
	String text() {
		return screen().text().map(TextScreen::text).orElse("");
	}

	/** Runs until the screen shows the text. */
	void awaitScreen(String wanted, double virtualSeconds) {
		await("'" + wanted + "' on the screen", guest -> guest.text().contains(wanted), virtualSeconds);
	}

	/** Runs until a condition holds. */
	void await(String what, Predicate<FirmwareGuest> condition, double virtualSeconds) {
		long end = guest.time() + (long) (virtualSeconds * 1e9);
		while (!condition.test(this)) {
			VcpuStop stop = guest.time() < end ? guest.run(SLICE) : null;
			if (!(stop instanceof VcpuStop.SliceOver)) {
				throw new AssertionError("no " + what + "; stopped with " + stop + " after " + guest.time() + " ns:\n"
						+ text() + "\n" + serial.toString(StandardCharsets.ISO_8859_1));
			}
		}
	}

	/** Where a CPU's state save area is. */
	long smbase(int cpu) {
		return ((GuestCpu) guest.cpus().get(cpu)).state.smbase;
	}

	/** The reset line. The screen is dark then. */
	void reset() {
		machine.reset();
		guest.restart(InitialState.reset());
	}

	void type(String text) {
		machine.input().offer(Key.CHANNEL, Key.typing(text));
	}

	void press(Key key) {
		machine.input().offer(Key.CHANNEL, key.stroke());
	}

	@Override
	public void close() throws Exception {
		report.print(guest, virtualization);
		attachments.close();
	}
}
