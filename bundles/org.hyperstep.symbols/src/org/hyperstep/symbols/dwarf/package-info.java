/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** DWARF 2 to 5: units, functions and line number programs. Internal to the bundle. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.symbols.dwarf;
