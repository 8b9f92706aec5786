/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/**
 * The debug engine: what every tool talks to. A {@link org.hyperstep.debug.Target} is one guest under the debugger; all
 * its methods may be called from any thread, answer with futures, and never wait for the guest.
 */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.debug;
