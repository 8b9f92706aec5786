/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.machine.input.Key;
import org.hyperstep.machine.video.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What starts from firmware: SeaBIOS itself, and what it boots from a CD. */
@SuppressWarnings("nls")
class SeaBiosTest {
	private static final Path IPXE = Path.of("/usr/lib/ipxe/ipxe.iso"), GRUB = Path.of("/usr/bin/grub-mkrescue"),
			GRUB_PC = Path.of("/usr/lib/grub/i386-pc/boot.img"), MFORMAT = Path.of("/usr/bin/mformat"),
			XORRISO = Path.of("/usr/bin/xorriso");

	private static DriveRequest cdrom(Path image) throws Exception {
		return DriveRequest.parse(image.toString().replace(",", ",,"), true);
	}

	@ParameterizedTest
	@CsvSource({ "VMX,1", "VMX,4", "SVM,1", "SVM,4" })
	void firmwarePassesItsSelfTestAndOpensItsBootMenu(Virtualization virtualization, int cpus) throws Exception {
		try (FirmwareGuest guest = new FirmwareGuest(virtualization, cpus, List.of())) {
			guest.awaitScreen("Press ESC for boot menu", 10);
			guest.press(Key.ESCAPE);
			guest.awaitScreen("Select boot device", 10);
			assertTrue(guest.text().startsWith("SeaBIOS (version"), guest.text());
			Picture picture = guest.screen().picture();
			assertEquals(720 / 9 * 8, picture.width());
			assertTrue(java.util.Arrays.stream(picture.pixels()).anyMatch(pixel -> pixel != 0));
		}
	}

	/** SeaBIOS knows the state save map of AMD's processors, and not that of Intel's 64-bit ones. */
	@ParameterizedTest
	@CsvSource({ "VMX,0x30000", "SVM,0xa0000" })
	void firmwareInstallsItsHandlerInManagementRamAndStartsAgainAfterReset(Virtualization virtualization, String base)
			throws Exception {
		try (FirmwareGuest guest = new FirmwareGuest(virtualization, 2, List.of())) {
			guest.awaitScreen("Press ESC for boot menu", 10);
			assertEquals(Long.decode(base), guest.smbase(0));
			assertEquals(0x30000, guest.smbase(1));
			guest.reset();
			assertEquals(0x30000, guest.smbase(0));
			assertTrue(guest.text().length() <= 1, "the screen has no geometry");
			guest.awaitScreen("Press ESC for boot menu", 10);
		}
	}

	@Test
	void equalKeysGiveEqualBoots() throws Exception {
		try (FirmwareGuest first = new FirmwareGuest(Virtualization.VMX, 2, List.of());
				FirmwareGuest second = new FirmwareGuest(Virtualization.VMX, 2, List.of())) {
			first.awaitScreen("Press ESC for boot menu", 10);
			second.awaitScreen("Press ESC for boot menu", 10);
			assertEquals(first.guest.time(), second.guest.time());
			assertEquals(first.guest.cpus().get(0).retired(), second.guest.cpus().get(0).retired());
			assertEquals(first.text(), second.text());
		}
	}

	@ParameterizedTest
	@CsvSource({ "VMX,1", "VMX,4", "SVM,1", "SVM,4" })
	@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
	void grubFromACdComesToItsPromptAndTakesACommand(Virtualization virtualization, int cpus, @TempDir Path directory)
			throws Exception {
		Path image = rescueImage(directory);
		try (FirmwareGuest guest = new FirmwareGuest(virtualization, cpus, List.of(cdrom(image)))) {
			guest.awaitScreen("grub>", 60);
			guest.type("echo six times seven is $grub_platform\n");
			guest.awaitScreen("six times seven is pc", 20);
		}
	}

	private static Path rescueImage(Path directory) throws Exception {
		FirmwareGuest.need(GRUB, "grub-common");
		FirmwareGuest.need(GRUB_PC, "grub-pc-bin");
		FirmwareGuest.need(MFORMAT, "mtools");
		FirmwareGuest.need(XORRISO, "xorriso");
		Path image = directory.resolve("rescue.iso");
		Path contents = Files.createDirectory(directory.resolve("contents"));
		Process process = new ProcessBuilder(GRUB.toString(), "-o", image.toString(), contents.toString())
				.redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes());
		assertEquals(0, process.waitFor(), output);
		return image;
	}

	@ParameterizedTest
	@CsvSource({ "VMX,1", "VMX,4", "SVM,1", "SVM,4" })
	@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
	void ipxeFromACdComesToItsPrompt(Virtualization virtualization, int cpus) throws Exception {
		FirmwareGuest.need(IPXE, "ipxe");
		try (FirmwareGuest guest = new FirmwareGuest(virtualization, cpus, List.of(cdrom(IPXE)))) {
			guest.awaitScreen("Ctrl-B", 60);
			guest.machine.input().offer(Key.CHANNEL, Key.LEFT_CONTROL.event(true));
			guest.press(Key.B);
			guest.machine.input().offer(Key.CHANNEL, Key.LEFT_CONTROL.event(false));
			guest.awaitScreen("iPXE>", 60);
		}
	}
}
