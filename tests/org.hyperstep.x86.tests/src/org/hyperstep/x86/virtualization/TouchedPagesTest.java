/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Objects;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.system.ProcessorModel;
import org.junit.jupiter.api.Test;

/** Every store is noted, whoever makes it. */
class TouchedPagesTest {
	private final LongModeMemory memory = new LongModeMemory("ebfe"); //$NON-NLS-1$
	private final Processor processor = new Processor(ProcessorModel.intel(0, 1), memory.physical);

	private void assertRestores(Runnable stores) {
		byte[] bytes = Objects.requireNonNull(memory.physical.bankAt(0)).bytes;
		byte[] before = bytes.clone();
		TouchedPages pages = new TouchedPages(memory.physical);
		int clean = pages.hash();
		for (int i = 0; i < 3; i++) {
			stores.run();
			assertNotEquals(clean, pages.hash());
			pages.restore();
			assertArrayEquals(before, bytes);
			assertEquals(clean, pages.hash());
		}
	}

	@Test
	void copiesAreNoted() {
		assertRestores(() -> memory.put(LongModeMemory.DATA, "0102")); //$NON-NLS-1$
	}

	@Test
	void storesOfTheProcessorAreNotedEachTime() {
		memory.load(processor.state());
		processor.stateReplaced();
		assertRestores(() -> {
			for (int i = 0; i < 100; i++) {
				processor.mmu().write64(LongModeMemory.DATA + 8 * i, -1);
			}
		});
	}

	@Test
	void accessedAndDirtyBitsAreNoted() {
		memory.load(processor.state());
		assertRestores(() -> {
			processor.stateReplaced();
			processor.mmu().write64(LongModeMemory.DATA, 0);
		});
	}
}
