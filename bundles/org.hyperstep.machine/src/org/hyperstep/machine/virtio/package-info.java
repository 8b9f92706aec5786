/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Devices by the virtio specification, version 1, on PCI: block, console, network. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.virtio;
