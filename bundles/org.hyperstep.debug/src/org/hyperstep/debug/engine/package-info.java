/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The debug engine over a back end: its thread, motions, breakpoints, stack walk. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.debug.engine;
