/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a user wants an image to be booted: not said, by one of its protocols, as firmware, or as a flat binary.
 *
 * @param protocol the protocol, or empty for the best that the image offers
 * @param flat     where a flat binary goes
 */
@SuppressWarnings("nls")
public record BootChoice(Optional<BootProtocol> protocol, Optional<FlatPlacement> flat) {
	/** Nothing said. */
	public static final BootChoice AUTOMATIC = new BootChoice(Optional.empty(), Optional.empty());
	private static final String FLAT = BootProtocol.FLAT.key() + ":";

	/**
	 * Reads what a user wrote: nothing, a protocol's key, or {@code flat:} with a {@link FlatPlacement}.
	 *
	 * @throws ImageException with a message for the user
	 */
	public static BootChoice parse(String text) throws ImageException {
		if (text.isBlank()) {
			return AUTOMATIC;
		}
		if (text.startsWith(FLAT)) {
			return new BootChoice(Optional.of(BootProtocol.FLAT),
					Optional.of(FlatPlacement.parse(text.substring(FLAT.length()))));
		}
		Optional<BootProtocol> protocol = BootProtocol.byKey(text);
		if (protocol.isEmpty() || protocol.get() == BootProtocol.FLAT) {
			throw new ImageException("'" + text + "' is no way to boot; there are "
					+ Arrays.stream(BootProtocol.values())
							.map(row -> row == BootProtocol.FLAT ? FLAT + "ADDRESS" : row.key())
							.collect(Collectors.joining(", ")));
		}
		return new BootChoice(protocol, Optional.empty());
	}

	/**
	 * Reads and checks an image for this choice.
	 *
	 * @throws ImageException with a message for the user
	 */
	public GuestImage open(Path file) throws ImageException {
		if (flat.isPresent()) {
			return GuestImage.flat(file.toString(), ImageFile.read(file), flat.get());
		}
		if (protocol.isPresent() && protocol.get() == BootProtocol.FIRMWARE) {
			return GuestImage.firmware(file.toString(), ImageFile.read(file));
		}
		return GuestImage.open(file);
	}
}
