/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What a debugger asks of a compiled file: symbols, functions and source lines. {@link org.hyperstep.symbols.SymbolFile} is the entrance. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.symbols;
