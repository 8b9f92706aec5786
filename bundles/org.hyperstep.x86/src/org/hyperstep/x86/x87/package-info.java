/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The x87 floating-point unit: arithmetic of double extended precision, its register stack, and its exceptions. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.x87;
