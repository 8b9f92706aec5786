/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Virtual time, counted in retired instructions, and the alarms keyed by it. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.time;
