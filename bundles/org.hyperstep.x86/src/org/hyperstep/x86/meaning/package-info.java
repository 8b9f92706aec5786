/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The one meaning of each instruction, as micro-operations; one file per family. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.meaning;
