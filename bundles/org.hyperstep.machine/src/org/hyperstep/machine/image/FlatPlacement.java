/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.util.Locale;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.image.InitialState.Mode;

/**
 * Where a flat binary goes and how it is entered. Written {@code ADDRESS[,16|32|64][,entry=ADDRESS]}; addresses are
 * hexadecimal with 0x, else decimal. Without a mode, code below 1 MB is entered in real mode and code above it in 32-bit
 * protected mode; without an entry it is entered at its first byte.
 *
 * @param address guestPhysical address of the first byte
 * @param mode    operating mode at entry
 * @param entry   guestPhysical address of the first instruction
 */
@SuppressWarnings("nls")
public record FlatPlacement(long address, Mode mode, long entry) {

	/**
	 * Reads what a user wrote.
	 *
	 * @throws ImageException with a message for the user
	 */
	public static FlatPlacement parse(String text) throws ImageException {
		String[] parts = text.toLowerCase(Locale.ROOT).split(",", -1);
		long address = number(parts[0], text);
		Mode mode = address < MemoryMap.MEGABYTE ? Mode.REAL_16 : Mode.PROTECTED_32;
		long entry = address;
		for (int i = 1; i < parts.length; i++) {
			switch (parts[i]) {
				case "16" -> mode = Mode.REAL_16;
				case "32" -> mode = Mode.PROTECTED_32;
				case "64" -> mode = Mode.LONG_64;
				default -> {
					if (!parts[i].startsWith("entry=")) {
						throw bad(text, "'" + parts[i] + "' is neither 16, 32, 64 nor entry=ADDRESS");
					}
					entry = number(parts[i].substring("entry=".length()), text);
				}
			}
		}
		if (mode == Mode.REAL_16 && entry >= MemoryMap.MEGABYTE) {
			throw bad(text, String.format("real mode does not reach the entry 0x%x", entry));
		}
		return new FlatPlacement(address, mode, entry);
	}

	private static long number(String part, String text) throws ImageException {
		try {
			long value = Long.decode(part);
			if (value >= 0) {
				return value;
			}
		} catch (NumberFormatException e) {
			// Said below.
		}
		throw bad(text, "'" + part + "' is not an address such as 0x7c00");
	}

	private static ImageException bad(String text, String why) {
		return new ImageException("flat binary at '" + text + "': " + why);
	}
}
