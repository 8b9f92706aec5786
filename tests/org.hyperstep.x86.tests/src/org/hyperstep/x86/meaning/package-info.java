/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Tests of the table of meanings. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.meaning;
