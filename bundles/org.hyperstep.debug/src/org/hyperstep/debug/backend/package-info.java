/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What the debug engine asks of whatever runs the guest: synchronous, on the engine's thread alone. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.debug.backend;
