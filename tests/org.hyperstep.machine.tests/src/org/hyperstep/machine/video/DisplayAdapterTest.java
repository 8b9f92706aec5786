/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.pci.PciSetup;
import org.hyperstep.machine.pci.IsaBridge;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.virtualization.Interception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class DisplayAdapterTest {
	private static final long TEXT = 0xb8000, GRAPHICS = 0xa0000;

	private final Pc pc = new Pc();
	private final PhysicalMemory memory = pc.machine.physicalMemory();
	private final DisplayAdapter display = pc.machine.device(DisplayAdapter.class);

	@BeforeEach
	void enterTextMode() {
		display.enterTextMode();
	}

	private void index(int port, int register, int value) {
		pc.out(port, register);
		pc.out(port + 1, value);
	}

	private void linear(int register, int value) {
		pc.machine.ports().write(0x1ce, 2, register);
		pc.machine.ports().write(0x1cf, 2, value);
	}

	private String text() {
		return display.text().orElseThrow().text();
	}

	@Test
	void textIsReadFromTheScreen() {
		assertEquals("", text());
		memory.write(TEXT, 4, 0x07690748);
		memory.write(TEXT + 160, 2, 0x07b3);
		assertEquals("Hi\n\u2502", text());
		assertEquals(80, display.text().orElseThrow().columns());
		assertEquals(25, display.text().orElseThrow().rows());
		assertEquals(0x07690748, memory.read(TEXT, 4));
	}

	@Test
	void theStartAddressScrollsAndTheCursorFollows() {
		memory.write(TEXT + 160, 2, 0x0741);
		index(0x3d4, 13, 80);
		index(0x3d4, 14, 0);
		index(0x3d4, 15, 81);
		assertEquals("A", text());
		assertEquals(1, display.text().orElseThrow().cursor());
		index(0x3d4, 10, 0x20);
		assertEquals(-1, display.text().orElseThrow().cursor());
	}

	@Test
	void theControllersFirstRegistersCanBeProtected() {
		index(0x3d4, 0, 0x12);
		assertEquals(0x5f, pc.in(0x3d5), "protected by register 17 in text mode");
		index(0x3d4, 17, 0);
		index(0x3d4, 0, 0x12);
		assertEquals(0x12, pc.in(0x3d5));
	}

	@Test
	void monochromeRegistersAreWhereTheMiscellaneousRegisterSays() {
		pc.out(0x3d4, 5);
		assertEquals(0xff, pc.in(0x3b4));
		pc.out(0x3c2, 0x66);
		assertEquals(5, pc.in(0x3b4));
		assertEquals(0xff, pc.in(0x3d4));
	}

	@Test
	void coloursAreWrittenAndReadComponentByComponent() {
		pc.out(0x3c8, 5);
		for (int value : new int[] { 1, 2, 0x7f }) {
			pc.out(0x3c9, value);
		}
		assertEquals(6, pc.in(0x3c8));
		pc.out(0x3c7, 5);
		assertEquals(1, pc.in(0x3c9));
		assertEquals(2, pc.in(0x3c9));
		assertEquals(0x3f, pc.in(0x3c9));
	}

	@Test
	void planesTakeWritesByMaskLatchAndBitMask() {
		index(0x3c4, 4, 6);
		index(0x3ce, 5, 0);
		index(0x3ce, 6, 5);
		index(0x3c4, 2, 0xf);
		memory.write(GRAPHICS, 1, 0xff);
		index(0x3c4, 2, 2);
		memory.write(GRAPHICS, 1, 0x0f);
		index(0x3ce, 4, 1);
		assertEquals(0x0f, memory.read(GRAPHICS, 1));
		index(0x3ce, 4, 0);
		assertEquals(0xff, memory.read(GRAPHICS, 1));
		index(0x3c4, 2, 0xf);
		index(0x3ce, 8, 0x80);
		memory.write(GRAPHICS, 1, 0);
		assertEquals(0x7f, memory.read(GRAPHICS, 1));
		index(0x3ce, 5, 1);
		memory.write(GRAPHICS + 1, 1, 0xaa);
		index(0x3ce, 5, 0);
		assertEquals(0x7f, memory.read(GRAPHICS + 1, 1), "write mode 1 copies the latches");
	}

	private long framebuffer() {
		PciSetup.carryOut(pc.machine.pci(), pc.machine.device(IsaBridge.class));
		return pc.machine.pci().functions().stream().filter(f -> f.config().read(0, 4) == 0x11111234).findFirst()
				.orElseThrow().baseAddresses().get(0).address();
	}

	@Test
	void theFramebufferIsOrdinaryMemoryOnceItIsInUse() {
		long framebuffer = framebuffer();
		memory.write(framebuffer + 16, 4, 0x1234);
		assertEquals(framebuffer, memory.routed(framebuffer, Interception.WRITE), "not in use yet");
		linear(1, 640);
		linear(2, 480);
		linear(3, 32);
		linear(4, 0xc1);
		long bank = memory.routed(framebuffer, Interception.WRITE);
		assertNotEquals(framebuffer, bank);
		assertEquals(0x1234, memory.read(bank + 16, 4), "what was there is kept");
		memory.write(bank + 4 * 640, 4, 0x00abcdef);
		assertEquals(0xabcdef, display.picture().pixels()[640]);
		assertEquals(0xabcdef, memory.read(framebuffer + 4 * 640, 4));
	}

	@Test
	void memoryBeyondTheVgasIsThereWhenItIsReached() {
		long framebuffer = framebuffer();
		assertEquals(0, memory.read(framebuffer + 0xff_fffc, 4));
		memory.write(framebuffer + 0xff_fffc, 4, 5);
		assertEquals(5, memory.read(framebuffer + 0xff_fffc, 4));
	}

	@Test
	void theFramebufferFollowsItsBaseAddress() {
		long framebuffer = framebuffer();
		linear(4, 1);
		pc.machine.ports().write(0xcf8, 4, 0x80001010L);
		pc.machine.ports().write(0xcfc, 4, 0xd0000000L);
		assertEquals(framebuffer, memory.routed(framebuffer, Interception.WRITE));
		assertNotEquals(0xd0000000L, memory.routed(0xd0000000L, Interception.WRITE));
		pc.machine.ports().write(0xcfc, 4, 0x00000000L);
		assertEquals(0xd0000000L, memory.routed(0xd0000000L, Interception.WRITE));
		pc.machine.ports().write(0xcfc, 4, 0xff000000L);
		assertEquals(0xff000000L, memory.routed(0xff000000L, Interception.WRITE),
				"a part of the range belongs to another device");
	}

	@Test
	void theLinearFramebufferShowsPixels() {
		pc.machine.ports().write(0x1ce, 2, 0);
		assertEquals(0xb0c5, pc.machine.ports().read(0x1cf, 2));
		linear(1, 64);
		linear(2, 32);
		linear(3, 32);
		linear(4, 0x41);
		long framebuffer = framebuffer();
		memory.write(framebuffer + 4 * (64 + 3), 4, 0x00123456);
		Picture picture = display.picture();
		assertEquals(64, picture.width());
		assertEquals(32, picture.height());
		assertEquals(0x123456, picture.pixels()[64 + 3]);
		assertTrue(display.text().isEmpty());
		linear(4, 0);
		assertFalse(display.text().isEmpty());
	}

	@Test
	void theStatusShowsRetraceOnceAFrame() {
		int retraces = 0;
		boolean before = false;
		for (int i = 0; i < 10_000; i++) {
			pc.pass(10_000);
			boolean now = (pc.in(0x3da) & 8) != 0;
			retraces += now && !before ? 1 : 0;
			before = now;
		}
		assertEquals(6, retraces, "a tenth of a second");
	}

	@Test
	void hostileGeometryStaysWithinTheMemory() {
		for (int value : new int[] { 0, 0xff, 0x80, 0x1f }) {
			index(0x3d4, 17, 0);
			for (int register = 0; register < 25; register++) {
				index(0x3d4, register, value);
			}
			assertNotEquals(null, display.picture());
			index(0x3ce, 6, 5);
			assertNotEquals(null, display.picture());
			index(0x3ce, 6, 0x0e);
		}
		for (int register = 1; register < 12; register++) {
			linear(register, 0xffff);
		}
		linear(4, 1);
		assertNotEquals(null, display.picture());
	}
}
