/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What a network card is plugged into: a loop, or a network of the machine's own with ways to ports of the host. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.network;
