/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Execution: micro-operations, blocks of them, the block cache and the interpreter. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.execution;
