/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.hyperstep.machine.MemoryMap;

/**
 * Firmware in ROM as a PC has it: its last byte is the last one below 4 GB, and the host bridge shows its last 128 KB below
 * 1 MB too. The processor starts at the reset vector.
 */
@SuppressWarnings("nls")
final class FirmwareBoot {
	private static final int LARGEST = 8 << 20, GRANULE = 64 << 10;

	private FirmwareBoot() {
	}

	static Loader loader(ImageBytes file) throws ImageException {
		int length = file.length();
		if (length == 0 || length > LARGEST || length % GRANULE != 0) {
			throw file
					.error(String.format("is no firmware image: a multiple of 64 KB up to 8 MB is wanted, it has 0x%x"
							+ " bytes", length));
		}
		return (plan, request) -> prepare(plan, file, request);
	}

	private static InitialState prepare(LoadPlan plan, ImageBytes file, LoadRequest request) throws ImageException {
		if (!request.modules().isEmpty() || !request.commandLine().isEmpty()) {
			throw file.error("is firmware, which takes no command line and no modules; attach a disk or a CD");
		}
		byte[] contents = file.array();
		plan.placeRom(contents, MemoryMap.HIGH - contents.length);
		return InitialState.reset();
	}
}
