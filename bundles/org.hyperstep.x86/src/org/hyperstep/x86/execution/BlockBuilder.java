/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

/** Collects the micro-operations of one block while its instructions are decoded. */
public final class BlockBuilder {
}
