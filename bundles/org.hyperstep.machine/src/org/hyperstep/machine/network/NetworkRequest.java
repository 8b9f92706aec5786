/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a user asks for: {@code loopback}, or {@code user[,port=NUMBER]...}: a network of the machine's own where the guest
 * reaches the named TCP ports of 127.0.0.1, and nothing else, as ports of 10.0.2.2.
 *
 * @param loopback whether frames just come back
 * @param ports    the ports that may be reached
 */
@SuppressWarnings("nls")
public record NetworkRequest(boolean loopback, Set<Integer> ports) {
	public NetworkRequest {
		ports = Set.copyOf(ports);
	}

	/**
	 * Reads what a user wrote.
	 *
	 * @throws NetworkException with a message for the user
	 */
	public static NetworkRequest parse(String text) throws NetworkException {
		String[] parts = text.split(",", -1);
		boolean loopback = parts[0].equals("loopback");
		if (!loopback && !parts[0].equals("user")) {
			throw new NetworkException("'" + parts[0] + "' is no network; there are loopback and user[,port=NUMBER]");
		}
		Set<Integer> ports = new TreeSet<>();
		for (String part : Arrays.asList(parts).subList(1, parts.length)) {
			if (loopback || !part.startsWith("port=")) {
				throw new NetworkException("'" + part + "' says nothing about the network " + parts[0]
						+ (loopback ? "" : "; port=NUMBER names a TCP port of 127.0.0.1"));
			}
			ports.add(port(part.substring("port=".length())));
		}
		return new NetworkRequest(loopback, ports);
	}

	private static int port(String text) throws NetworkException {
		try {
			int port = Integer.parseInt(text);
			if (port > 0 && port < 0x10000) {
				return port;
			}
		} catch (NumberFormatException e) {
			// Said below.
		}
		throw new NetworkException("'" + text + "' is no port; there are 1 to 65535");
	}

	/** Makes the network. */
	public Network make() {
		return loopback ? new Loopback() : new UserNetwork(ports);
	}
}
