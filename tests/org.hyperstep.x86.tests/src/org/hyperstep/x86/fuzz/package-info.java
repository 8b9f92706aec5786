/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.fuzz;
