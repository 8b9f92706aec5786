/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of the 8259A data sheet, by the operation command words that they belong to. */
@SuppressWarnings("nls")
class InterruptControllersTest {
	private static final int NON_SPECIFIC_EOI = 0x20, SPECIFIC_EOI = 0x60, ROTATE_EOI = 0xa0, SET_PRIORITY = 0xc0;
	private final Pc pc = new Pc();
	private final InterruptControllers pic = pc.machine.pic();

	@BeforeEach
	void initialise() {
		pc.initialisePic();
	}

	private void raise(int irq) {
		pic.line(irq).set(true);
	}

	private void lower(int irq) {
		pic.line(irq).set(false);
	}

	private void pulse(int irq) {
		lower(irq);
		raise(irq);
	}

	@Test
	void nothingInterruptsBeforeInitialisation() {
		Pc fresh = new Pc();
		fresh.machine.pic().line(5).set(true);
		assertFalse(fresh.machine.pic().interruptRequested());
	}

	@Test
	void acknowledgeGivesTheVectorBaseOfIcw2PlusTheInput() {
		raise(3);
		assertTrue(pic.interruptRequested());
		assertEquals(0x23, pic.acknowledge());
		assertEquals(1 << 3, pic.inService());
		assertFalse(pic.interruptRequested());
	}

	@Test
	void theSlaveIsServedThroughInputTwo() {
		raise(12);
		assertEquals(12, pic.highest());
		assertEquals(0x2c, pic.acknowledge());
		assertEquals(1 << 12 | 1 << 2, pic.inService());
	}

	@Test
	void aHigherPriorityInterruptsALowerOneInServiceAndNotTheReverse() {
		raise(4);
		pic.acknowledge();
		raise(5);
		assertFalse(pic.interruptRequested());
		raise(1);
		assertEquals(0x21, pic.acknowledge());
		pc.out(0x20, NON_SPECIFIC_EOI);
		assertEquals(1 << 4, pic.inService());
		pc.out(0x20, NON_SPECIFIC_EOI);
		assertEquals(0x25, pic.acknowledge());
	}

	@Test
	void maskedInputsStayRequestedButDoNotInterrupt() {
		pc.out(0x21, 0xff);
		raise(1);
		assertFalse(pic.interruptRequested());
		assertEquals(2, pc.in(0x20));
		pc.out(0x21, 0);
		assertTrue(pic.interruptRequested());
	}

	@Test
	void anEdgeInterruptsOnce() {
		raise(1);
		pic.acknowledge();
		pc.out(0x20, NON_SPECIFIC_EOI);
		assertFalse(pic.interruptRequested());
		pulse(1);
		assertTrue(pic.interruptRequested());
	}

	@Test
	void aLevelInterruptsAsLongAsItIsHeld() {
		pc.out(0x4d0, 0x20);
		raise(5);
		pic.acknowledge();
		pc.out(0x20, NON_SPECIFIC_EOI);
		assertTrue(pic.interruptRequested());
		lower(5);
		assertFalse(pic.interruptRequested());
	}

	@Test
	void theEdgeLevelRegistersLeaveTheInputsThatAreAlwaysEdges() {
		pc.out(0x4d0, 0xff);
		pc.out(0x4d1, 0xff);
		assertEquals(0xf8, pc.in(0x4d0));
		assertEquals(0xde, pc.in(0x4d1));
	}

	@Test
	void aRequestGoneBeforeTheAcknowledgeGivesTheSpuriousInputSevenWithoutIsr() {
		raise(1);
		lower(1);
		assertEquals(0x27, pic.acknowledge());
		assertEquals(0, pic.inService());
	}

	@Test
	void aRequestGoneAtTheSlaveGivesItsInputSevenAndServesInputTwo() {
		raise(12);
		pic.acknowledge();
		pc.out(0xa0, SPECIFIC_EOI | 4);
		pc.out(0x20, SPECIFIC_EOI | 2);
		pulse(12);
		pc.out(0xa1, 0);
		assertTrue(pic.interruptRequested());
		pic.line(12).set(false);
		assertEquals(0x27, pic.acknowledge());
	}

	@Test
	void specificEoiEndsThatInput() {
		raise(4);
		pic.acknowledge();
		raise(1);
		pic.acknowledge();
		pc.out(0x20, SPECIFIC_EOI | 4);
		assertEquals(1 << 1, pic.inService());
	}

	@Test
	void rotationOnEoiMakesTheEndedInputTheLowest() {
		raise(0);
		pic.acknowledge();
		pc.out(0x20, ROTATE_EOI);
		pulse(0);
		raise(1);
		assertEquals(0x21, pic.acknowledge());
	}

	@Test
	void setPriorityNamesTheLowestInput() {
		pc.out(0x20, SET_PRIORITY | 3);
		raise(3);
		raise(4);
		assertEquals(0x24, pic.acknowledge());
	}

	@Test
	void automaticEoiLeavesNothingInService() {
		for (int[] word : new int[][] { { 0x20, 0x11 }, { 0x21, 0x20 }, { 0x21, 4 }, { 0x21, 3 } }) {
			pc.out(word[0], word[1]);
		}
		pulse(6);
		assertEquals(0x26, pic.acknowledge());
		assertEquals(0, pic.inService());
	}

	@Test
	void specialMaskModeLetsLowerPrioritiesThroughWhileAnInputIsMaskedInService() {
		raise(1);
		pic.acknowledge();
		pc.out(0x21, 1 << 1);
		raise(5);
		assertFalse(pic.interruptRequested());
		pc.out(0x20, 0x68);
		assertTrue(pic.interruptRequested());
		pc.out(0x20, 0x48);
		assertFalse(pic.interruptRequested());
	}

	@Test
	void specialFullyNestedModeLetsTheSlaveInterruptItself() {
		for (int[] word : new int[][] { { 0x20, 0x11 }, { 0x21, 0x20 }, { 0x21, 4 }, { 0x21, 0x11 } }) {
			pc.out(word[0], word[1]);
		}
		raise(12);
		assertEquals(0x2c, pic.acknowledge());
		raise(8);
		assertTrue(pic.interruptRequested());
		assertEquals(0x28, pic.acknowledge());
	}

	@Test
	void ocw3SelectsWhichRegisterIsRead() {
		raise(4);
		pic.acknowledge();
		raise(6);
		pc.out(0x20, 0x0b);
		assertEquals(1 << 4, pc.in(0x20));
		pc.out(0x20, 0x0a);
		assertEquals(1 << 6, pc.in(0x20));
	}

	@Test
	void pollingAcknowledgesAndNamesTheInput() {
		raise(6);
		pc.out(0x20, 0x0c);
		assertEquals(0x86, pc.in(0x20));
		assertEquals(1 << 6, pic.inService());
		pc.out(0x20, 0x0c);
		assertEquals(0, pc.in(0x20));
	}

	@Test
	void icw1ForgetsEdgesAndMasks() {
		pc.out(0x21, 0xff);
		raise(3);
		pc.initialisePic();
		assertEquals(0, pc.in(0x21));
		assertFalse(pic.interruptRequested());
	}

	@Test
	void theCascadeHasNoLine() {
		assertThrows(IllegalArgumentException.class, () -> pic.line(2));
	}
}
