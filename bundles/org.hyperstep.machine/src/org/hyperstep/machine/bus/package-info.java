/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What devices are attached to: ports, interrupt lines, and the list of a device's state. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.bus;
