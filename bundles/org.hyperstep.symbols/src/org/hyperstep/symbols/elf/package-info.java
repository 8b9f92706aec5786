/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The ELF file: header, sections, segments, notes and symbol tables. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.symbols.elf;
