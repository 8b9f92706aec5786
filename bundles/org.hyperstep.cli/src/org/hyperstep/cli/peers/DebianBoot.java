/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.hyperstep.samples.DebianKernel;
import org.hyperstep.samples.Initramfs;

/** Debian's kernel with an initial RAM file system of busybox, from the start of the machine's process to the shell. */
@SuppressWarnings("nls")
public final class DebianBoot {
	/** Of the line in the table. */
	public static final String NAME = "boot of Debian's kernel to a shell";
	/** Shows what the kernel does on the serial port, and spares its self-tests of ciphers. */
	public static final String COMMAND_LINE = "console=ttyS0 cryptomgr.notests";

	private static final Path BUSYBOX = Path.of("/bin/busybox");
	private static final Pattern STARTED = Pattern.compile("^" + Initramfs.STARTED);

	private DebianBoot() {
	}

	/**
	 * Kernel and files.
	 *
	 * @param directory for the files
	 * @throws IOException if kernel or busybox are not to be had, with the reason
	 */
	public static GuestProgram program(Path directory) throws IOException {
		DebianKernel.Outcome kernel = DebianKernel.vmlinux(DebianKernel.defaultCacheDirectory());
		DebianKernel.Package files = DebianKernel.files(DebianKernel.defaultCacheDirectory());
		if (!Files.isReadable(BUSYBOX)) {
			throw new IOException(BUSYBOX + " not found; Debian's package busybox-static brings it");
		}
		Path modules = Files.write(directory.resolve("initramfs"), new Initramfs(BUSYBOX).build());
		return new GuestProgram(NAME, kernel.vmlinux().orElseThrow(() -> new IOException(kernel.reason())),
				Optional.of(files.directory().orElseThrow(() -> new IOException(files.reason())).resolve("vmlinuz")),
				COMMAND_LINE, List.of(modules), STARTED, 0);
	}
}
