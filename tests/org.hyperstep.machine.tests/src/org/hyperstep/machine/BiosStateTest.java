/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.FlatPlacement;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;

/** What images that may use a BIOS find of one: timer, interrupt controllers, the handlers of their interrupts. */
@SuppressWarnings("nls")
class BiosStateTest {
	/** The 8254 ticks each 65536 clocks. */
	private static final long TICK = 65536 * 1_000_000_000L / 1_193_182;
	private static final int ONLY_TIMER_OPEN = 0xfffa;

	private static BarePc realMode(String code) throws Exception {
		return new BarePc(GuestImage.flat("code", HexFormat.of().parseHex(code), FlatPlacement.parse("0x7c00,16")),
				LoadRequest.PLAIN);
	}

	private static int exitValue(BarePc.Run run) {
		assertEquals(ExitRequest.Kind.DEBUG_EXIT, run.exit().kind());
		// The debug exit makes 2 * value + 1 of it.
		return run.exit().status() >> 1;
	}

	/** 1: sti; hlt; cmp byte [46ch],3; jb 1b; cli; mov al,[46ch]; mov dx,0f4h; out dx,al */
	@Test
	void theTimerTicksInRealModeAndIsAcknowledged() throws Exception {
		BarePc.Run run = realMode("fbf4803e6c040372f7" + "faa06c04baf400ee").run(1_000_000, () -> {
		});
		assertEquals(3, exitValue(run));
		assertTrue(run.time() >= 3 * TICK && run.time() < 4 * TICK, () -> run.time() + " ns");
	}

	/** mov dword [46ch],1800afh; 1: sti; hlt; cmp byte [470h],0; je 1b; cli; mov al,[46ch]; mov dx,0f4h; out dx,al */
	@Test
	void atMidnightTheTicksBeginAnew() throws Exception {
		BarePc.Run run = realMode("66c7066c04af001800" + "fbf4803e70040074f7" + "faa06c04baf400ee").run(1_000_000,
				() -> {
				});
		assertEquals(0, exitValue(run));
	}

	@Test
	void multibootLeavesTheInterruptControllersAsABiosDoes() throws Exception {
		assertEquals(ONLY_TIMER_OPEN, maskedAfter(BootProtocol.MULTIBOOT));
		assertEquals(0xffff, maskedAfter(BootProtocol.PVH));
	}

	private static int maskedAfter(BootProtocol protocol) throws Exception {
		try (InputStream in = Sample.TICKER.image()) {
			BarePc pc = new BarePc(in.readAllBytes(), new LoadRequest("", List.of(), Optional.of(protocol)));
			return pc.pc.machine.pic().masked();
		}
	}
}
