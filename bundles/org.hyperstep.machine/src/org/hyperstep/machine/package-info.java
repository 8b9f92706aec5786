/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** A PC: its description, its memory map and its devices put together. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine;
