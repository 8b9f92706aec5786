/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

/** What the interpreter does beside a guest's first instructions. */
class RehearsalTest {
	@Test
	void rehearsalOfAllMicroOperationsComesToItsEnd() {
		assertDoesNotThrow(Rehearsal::holdNow);
	}
}
