/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Bochs as Debian builds it, which is with its debugger: a command file lets the guest go. It knows firmware and disks
 * only, so that a CD with GRUB loads the guest.
 */
@SuppressWarnings("nls")
public final class BochsMachine implements PeerMachine {
	private static final String PROGRAM = "bochs", IMAGE_MAKER = "grub-mkrescue";
	private static final Path BIOS = Path.of("/usr/share/bochs/BIOS-bochs-latest");
	private static final Path VIDEO_BIOS = Path.of("/usr/share/vgabios/vgabios.bin");
	private static final Path LOADER = Path.of("/usr/lib/grub/i386-pc");

	@Override
	public String name() {
		return "Bochs";
	}

	@Override
	public Optional<String> lacking() {
		return Programs.lacking(List.of(PROGRAM, IMAGE_MAKER, "xorriso", "mformat"), List.of(BIOS, VIDEO_BIOS, LOADER));
	}

	@Override
	public List<String> command(GuestProgram program, Path directory) throws IOException {
		Path disc = disc(program, directory);
		Path settings = directory.resolve("bochsrc");
		Files.writeString(settings, settings(disc, directory.resolve("log")));
		Path debugger = directory.resolve("debugger");
		Files.writeString(debugger, "c\n");
		// Its text display takes a pseudo-terminal of its own, and a terminal's name.
		return List.of("env", "TERM=vt100", PROGRAM, "-q", "-f", settings.toString(), "-rc", debugger.toString());
	}

	private static Path disc(GuestProgram program, Path directory) throws IOException {
		Path boot = Files.createDirectories(directory.resolve("disc/boot/grub")).getParent();
		Files.copy(program.linux().orElse(program.image()), boot.resolve("guest"));
		for (Path module : program.modules()) {
			Files.copy(module, boot.resolve(module.getFileName()));
		}
		Files.writeString(boot.resolve("grub/grub.cfg"), commands(program));
		Path disc = directory.resolve("disc.iso");
		Programs.run(List.of(IMAGE_MAKER, "-o", disc.toString(), directory.resolve("disc").toString()));
		return disc;
	}

	/** What GRUB does: a kernel of Linux has its initial RAM disk beside it. */
	private static String commands(GuestProgram program) {
		StringBuilder commands = new StringBuilder(program.linux().isPresent() ? "linux /boot/guest "
				: "multiboot /boot/guest guest ").append(program.commandLine());
		for (Path module : program.modules()) {
			commands.append("\ninitrd /boot/").append(module.getFileName());
		}
		return commands.append("\nboot\n").toString();
	}

	private static String settings(Path disc, Path log) {
		return """
				display_library: term
				config_interface: textconfig
				cpu: model=corei7_skylake_x, count=1, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
				memory: guest=%d, host=%d
				romimage: file=%s
				vgaromimage: file=%s
				ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
				ata0-master: type=cdrom, path=%s, status=inserted
				boot: cdrom
				com1: enabled=1, mode=file, dev=/dev/stdout
				clock: sync=none
				log: %s
				panic: action=fatal
				error: action=ignore
				info: action=ignore
				debug: action=ignore
				""".formatted(GuestProgram.MEMORY, GuestProgram.MEMORY, BIOS, VIDEO_BIOS, disc, log);
	}
}
