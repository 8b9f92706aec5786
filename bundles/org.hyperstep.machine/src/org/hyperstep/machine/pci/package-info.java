/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The PCI bus: functions with their configuration space, address decoding, interrupt routing, the PC's bridges. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.pci;
