/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** The repeat prefix of an instruction for which it means repetition; mandatory prefixes are not repeats. */
public enum Repeat {
	NONE,
	/** F3: REP, or REPE where the instruction compares. */
	REP,
	/** F2: REPNE. */
	REPNE
}
