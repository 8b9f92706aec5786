/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The devices of a PC. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.device;
