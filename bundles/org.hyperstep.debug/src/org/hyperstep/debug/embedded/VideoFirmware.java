/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.hyperstep.debug.TargetException;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.video.DisplayAdapter;

/** The display adapter's option ROM: without it, firmware finds no screen. */
@SuppressWarnings("nls")
final class VideoFirmware {
	private static final String FILE = "vgabios-stdvga.bin";
	/** Where distributions put SeaVGABIOS. */
	private static final Path INSTALLED = Path.of("/usr/share/seabios");
	private static final long LARGEST = 1 << 20;

	private VideoFirmware() {
	}

	/** Takes the one that lies beside the firmware, else the distribution's; without either there is none. */
	static void install(Machine machine, Path firmware) throws TargetException {
		for (Path rom : List.of(firmware.resolveSibling(FILE), INSTALLED.resolve(FILE))) {
			if (Files.isReadable(rom)) {
				machine.device(DisplayAdapter.class).setRom(read(rom));
				return;
			}
		}
	}

	private static byte[] read(Path rom) throws TargetException {
		try {
			if (Files.size(rom) > LARGEST) {
				throw new TargetException(rom + ": is no option ROM: it has more than 1 MB");
			}
			return Files.readAllBytes(rom);
		} catch (IOException e) {
			throw new TargetException(rom + ": cannot be read: " + e.getMessage(), e);
		}
	}
}
