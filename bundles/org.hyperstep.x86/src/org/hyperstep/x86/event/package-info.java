/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Faults, traps, interrupts: their priority, the states that hold them off, and their delivery. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.event;
