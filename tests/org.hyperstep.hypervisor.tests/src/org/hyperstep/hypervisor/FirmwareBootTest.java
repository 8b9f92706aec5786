/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.samples.Initramfs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SeaBIOS starts GRUB from a CD, and GRUB Debian's kernel, which takes minutes. */
@SuppressWarnings("nls")
class FirmwareBootTest {
	private static final String TERMINAL = """
			serial --unit=0 --speed=115200
			terminal_input serial
			terminal_output serial
			""";
	private static final String MENU = TERMINAL + """
			set timeout=0
			menuentry linux {
				linux /vmlinuz %s
				initrd /initramfs
			}
			""".formatted(LinuxGuest.COMMAND_LINE);

	@TempDir
	Path directory = Path.of("");

	record Boot(int cpus, Virtualization virtualization) {
	}

	static Stream<Boot> boots() {
		return Stream.of(1, 4).flatMap(cpus -> Stream.of(Virtualization.values()).map(kind -> new Boot(cpus, kind)));
	}

	/** A CD that boots GRUB with this configuration; other files are in the directory {@code cd} by then. */
	private Path image(String configuration) throws Exception {
		LinuxGuest.installed("/usr/bin/xorriso", "xorriso");
		LinuxGuest.installed("/usr/lib/grub/i386-pc/boot.img", "grub-pc-bin");
		Path grubMkrescue = LinuxGuest.installed("/usr/bin/grub-mkrescue", "grub-common");
		Path root = directory.resolve("cd");
		Files.writeString(Files.createDirectories(root.resolve("boot/grub")).resolve("grub.cfg"), configuration);
		Path log = directory.resolve("log");
		Process process = new ProcessBuilder(grubMkrescue.toString(), "-d", "/usr/lib/grub/i386-pc", "-o",
				directory.resolve("cd.iso").toString(), root.toString()).redirectErrorStream(true)
				.redirectOutput(log.toFile()).start();
		assertTrue(process.waitFor(5, TimeUnit.MINUTES), "grub-mkrescue does not end");
		assertEquals(0, process.exitValue(), () -> "see " + log);
		return directory.resolve("cd.iso");
	}

	private static Path firmware() {
		return LinuxGuest.installed("/usr/share/seabios/bios-256k.bin", "seabios");
	}

	@Test
	void seaBiosStartsGrubFromACd() throws Exception {
		Path cd = image(TERMINAL + "echo it is GRUB\n");
		try (LinuxGuest grub = new LinuxGuest(Virtualization.VMX, 1, "bios", firmware(), "", List.of(),
				List.of(DriveRequest.parse(cd.toString(), true)))) {
			grub.await("it is GRUB");
		}
	}

	@ParameterizedTest
	@MethodSource("boots")
	@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
	void seaBiosStartsGrubFromACdAndGrubLinux(Boot boot) throws Exception {
		Path root = Files.createDirectories(directory.resolve("cd"));
		Files.copy(LinuxGuest.kernelFiles().resolve("vmlinuz"), root.resolve("vmlinuz"));
		Files.write(root.resolve("initramfs"),
				new Initramfs(LinuxGuest.installed("/bin/busybox", "busybox-static")).build());
		try (LinuxGuest linux = new LinuxGuest(boot.virtualization, boot.cpus, "bios", firmware(), "", List.of(),
				List.of(DriveRequest.parse(image(MENU).toString(), true)))) {
			linux.obeysAndSwitchesOff();
			assertTrue(linux.output().contains("BOOT_IMAGE=/vmlinuz"), linux::output);
		}
	}
}
