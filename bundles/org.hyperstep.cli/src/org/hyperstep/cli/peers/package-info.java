/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The comparison with other emulators that {@code hyperstep bench --peers} prints: the same guests in one run. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.cli.peers;
