/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.samples.Initramfs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Debian's kernel boots to a shell, obeys it, has disks, and switches the machine off. */
@SuppressWarnings("nls")
class LinuxBootTest {
	private static final boolean NIGHTLY = Boolean.getBoolean("hyperstep.nightly");
	private static final List<String> VIRTIO_MODULES = List.of("virtio_pci", "virtio_blk"),
			IDE_MODULES = List.of("ata_piix", "sd_mod", "sr_mod"),
			FILE_SYSTEM_MODULES = List.of("crc32c_generic", "ext4");

	@TempDir
	Path directory = Path.of("");

	record Boot(String protocol, int cpus, Virtualization virtualization) {
	}

	/** Every combination in a nightly run; otherwise two that have each of their parts once. */
	static Stream<Boot> boots() {
		if (!NIGHTLY) {
			return Stream.of(new Boot("linux64", 1, Virtualization.VMX), new Boot("pvh", 4, Virtualization.SVM));
		}
		return Stream.of("linux64", "linux32", "linux16", "pvh").flatMap(protocol -> Stream.of(1, 4)
				.flatMap(cpus -> Stream.of(Virtualization.values()).map(kind -> new Boot(protocol, cpus, kind))));
	}

	private Path initramfs(Initramfs files) throws Exception {
		return Files.write(directory.resolve("initramfs"), files.build());
	}

	private static Path busybox() {
		return LinuxGuest.installed("/bin/busybox", "busybox-static");
	}

	@ParameterizedTest
	@MethodSource("boots")
	void linuxBootsToAShellObeysItAndSwitchesOff(Boot boot) throws Exception {
		Path image = boot.protocol.equals("pvh") ? LinuxGuest.vmlinux() : LinuxGuest.kernelFiles().resolve("vmlinuz");
		Path files = initramfs(new Initramfs(busybox()));
		try (LinuxGuest linux = new LinuxGuest(boot.virtualization, boot.cpus, boot.protocol, image,
				LinuxGuest.COMMAND_LINE, List.of(files), List.of())) {
			linux.obeysAndSwitchesOff();
		}
	}

	record TwoBoots(Boot first, Boot second) {
	}

	/** In a nightly run each vendor with one and four CPUs; otherwise one boot on each vendor. */
	static Stream<TwoBoots> disks() {
		Boot vmx = new Boot("pvh", 1, Virtualization.VMX), svm = new Boot("pvh", 1, Virtualization.SVM);
		if (!NIGHTLY) {
			return Stream.of(new TwoBoots(vmx, svm));
		}
		Boot fourVmx = new Boot("pvh", 4, Virtualization.VMX), fourSvm = new Boot("pvh", 4, Virtualization.SVM);
		return Stream.of(new TwoBoots(vmx, vmx), new TwoBoots(svm, svm), new TwoBoots(fourVmx, fourVmx),
				new TwoBoots(fourSvm, fourSvm), new TwoBoots(vmx, fourSvm));
	}

	@ParameterizedTest
	@MethodSource("disks")
	void aVirtioDiskIsPartitionedFormattedWrittenAndReadAfterASecondBoot(TwoBoots boots) throws Exception {
		diskIsKeptFromBootToBoot(boots, "vda", ",writable", VIRTIO_MODULES);
	}

	@ParameterizedTest
	@MethodSource("disks")
	@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
	void anIdeDiskIsPartitionedFormattedWrittenAndReadAfterASecondBoot(TwoBoots boots) throws Exception {
		diskIsKeptFromBootToBoot(boots, "sda", ",writable,bus=ide", IDE_MODULES);
	}

	private void diskIsKeptFromBootToBoot(TwoBoots boots, String disk, String options, List<String> drivers)
			throws Exception {
		Path image = Files.write(directory.resolve("disk"), new byte[24 << 20]);
		List<DriveRequest> drives = List.of(DriveRequest.parse(image + options, false));
		Path files = initramfs(new Initramfs(busybox()).modules(LinuxGuest.kernelFiles(), drivers)
				.modules(LinuxGuest.kernelFiles(), FILE_SYSTEM_MODULES)
				.program(LinuxGuest.installed("/usr/sbin/mke2fs", "e2fsprogs")));
		try (LinuxGuest linux = start(boots.first, files, drives)) {
			linux.await(LinuxGuest.PROMPT);
			linux.command("printf 'o\\nn\\np\\n1\\n\\n\\nw\\n' | fdisk /dev/" + disk);
			assertTrue(linux.command("cat /proc/partitions").contains(disk + 1), linux::output);
			linux.command("/opt/mke2fs -q -t ext4 /dev/" + disk + "1 && mount /dev/" + disk
					+ "1 /mnt && echo kept for later > /mnt/note");
			assertTrue(linux.command("sync; mount").contains("/dev/" + disk + "1 on /mnt type ext4"), linux::output);
			linux.command("umount /mnt");
			linux.type("poweroff");
			linux.awaitEnd();
		}
		try (LinuxGuest linux = start(boots.second, files, drives)) {
			linux.await(LinuxGuest.PROMPT);
			linux.command("mount /dev/" + disk + "1 /mnt");
			assertTrue(linux.command("cat /mnt/note").contains("kept for later"), linux::output);
			linux.type("poweroff");
			linux.awaitEnd();
		}
	}

	/** The uncompressed kernel spares the four fifths of a boot in which it unpacks itself. */
	private static LinuxGuest start(Boot boot, Path files, List<DriveRequest> drives) throws Exception {
		return new LinuxGuest(boot.virtualization, boot.cpus, boot.protocol, LinuxGuest.vmlinux(),
				LinuxGuest.COMMAND_LINE, List.of(files), drives);
	}

	@ParameterizedTest
	@EnumSource
	@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
	void linuxReadsACdOnIde(Virtualization virtualization) throws Exception {
		Path xorriso = LinuxGuest.installed("/usr/bin/xorriso", "xorriso");
		Path contents = Files.createDirectory(directory.resolve("contents"));
		byte[] large = new byte[3 << 20];
		new Random(1).nextBytes(large);
		Files.write(contents.resolve("large"), large);
		Path cd = directory.resolve("cd.iso");
		Process process = new ProcessBuilder(xorriso.toString(), "-as", "mkisofs", "-quiet", "-R", "-o", cd.toString(),
				contents.toString()).redirectErrorStream(true).start();
		String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertEquals(0, process.waitFor(), said);
		Path files = initramfs(new Initramfs(busybox()).modules(LinuxGuest.kernelFiles(), IDE_MODULES)
				.modules(LinuxGuest.kernelFiles(), List.of("isofs")));
		try (LinuxGuest linux = start(new Boot("pvh", 1, virtualization), files,
				List.of(DriveRequest.parse(cd.toString(), true)))) {
			linux.await(LinuxGuest.PROMPT);
			linux.command("mount -o ro /dev/sr0 /mnt");
			String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large));
			assertTrue(linux.command("sha256sum /mnt/large").contains(sum), linux::output);
			linux.type("poweroff");
			linux.awaitEnd();
		}
	}

	@Test
	@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
	void aNetworkCardAndAConsoleReachTheHost() throws Exception {
		Path files = initramfs(new Initramfs(busybox()).modules(LinuxGuest.kernelFiles(),
				List.of("virtio_pci", "virtio_net", "virtio_console")));
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }))) {
			Thread thread = new Thread(() -> answer(server));
			thread.start();
			try (LinuxGuest linux = LinuxGuest.withNetwork(Virtualization.VMX, LinuxGuest.vmlinux(), files,
					server.getLocalPort())) {
				linux.await(LinuxGuest.PROMPT);
				linux.command("ifconfig eth0 10.0.2.15 up");
				assertTrue(linux.command("ping -c 1 10.0.2.2").contains("1 packets received"), linux::output);
				String heard = linux.command("echo a question | nc 10.0.2.2 " + server.getLocalPort());
				assertTrue(heard.contains("heard: a question"), linux::output);
				linux.command("echo by another way > /dev/hvc0");
				assertTrue(linux.console().contains("by another way"), linux::console);
				linux.type("poweroff");
				linux.awaitEnd();
			}
			thread.join();
		}
	}

	/** Answers one line of one connection. */
	private static void answer(ServerSocket server) {
		try (Socket socket = server.accept()) {
			BufferedReader in = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
			String line = in.readLine();
			socket.getOutputStream().write(("heard: " + line + "\n").getBytes(StandardCharsets.UTF_8));
		} catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
