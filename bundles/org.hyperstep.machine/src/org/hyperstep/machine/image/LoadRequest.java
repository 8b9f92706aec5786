/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.util.List;
import java.util.Optional;

/**
 * What is to be loaded with an image.
 *
 * @param commandLine for the guest; may be empty
 * @param modules     files handed over with it: multiboot modules, PVH modules (the first is Linux's initial RAM disk)
 * @param protocol    the protocol to use, or empty for the best that the image offers
 */
public record LoadRequest(String commandLine, List<BootModule> modules, Optional<BootProtocol> protocol) {
	/** No command line, no modules, the best protocol. */
	public static final LoadRequest PLAIN = new LoadRequest("", List.of(), Optional.empty()); //$NON-NLS-1$

	public LoadRequest {
		modules = List.copyOf(modules);
	}

	/** The best protocol, no modules. */
	public static LoadRequest withCommandLine(String commandLine) {
		return new LoadRequest(commandLine, List.of(), Optional.empty());
	}
}
