/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Decoded instructions as text, in Intel's and in AT&amp;T's syntax, spelled as GNU binutils spells them. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.format;
