/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import org.hyperstep.machine.BarePc.Run;
import org.hyperstep.machine.device.SerialPort;
import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.ElfBuilder;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;

/** The machine under a processor in plain operation, without a hypervisor between them. */
@SuppressWarnings("nls")
class BareProcessorTest {
	/**
	 * Echoes COM1, each byte followed by the low byte of the time-stamp counter, until it receives a 'q':
	 *
	 * <pre>
	 * 1: mov $0x3fd,%edx; in (%dx),%al; test $1,%al; je 1b; mov $0x3f8,%edx; in (%dx),%al; out %al,(%dx)
	 *    mov %eax,%ecx; rdtsc; mov $0x3f8,%edx; out %al,(%dx); cmp $'q',%cl; jne 1b
	 *    xor %eax,%eax; mov $0xf4,%edx; out %eax,(%dx); hlt
	 * </pre>
	 */
	private static final byte[] ECHO = new ElfBuilder(true).entry(0x100000)
			.load(0x100000, HexFormat.of().parseHex(
					"bafd030000eca80174f6baf8030000ecee89c10f31baf8030000ee80f97175e031c0baf4000000eff4"),
					4096)
			.build();

	private static Run run(Sample sample, String commandLine, BootProtocol protocol, long slice)
			throws IOException, ImageException {
		try (InputStream in = sample.image()) {
			return new BarePc(in.readAllBytes(), new LoadRequest(commandLine, List.of(), Optional.of(protocol)))
					.run(slice, () -> {
					});
		}
	}

	private static Run run(Sample sample, String commandLine, BootProtocol protocol)
			throws IOException, ImageException {
		return run(sample, commandLine, protocol, 1_000_000);
	}

	@Test
	void tickerRunsToItsEnd() throws Exception {
		Run run = run(Sample.TICKER, "", BootProtocol.PVH);
		assertTrue(run.serial().endsWith("ticker: ok\n"), run.serial());
		assertEquals(new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, 0), run.exit());
	}

	@Test
	void tickerTakesItsOptionsFromTheCommandLineByEitherProtocol() throws Exception {
		for (BootProtocol protocol : new BootProtocol[] { BootProtocol.PVH, BootProtocol.MULTIBOOT }) {
			Run run = run(Sample.TICKER, "rounds=2 period=1000", protocol);
			assertTrue(run.serial().contains("rounds=2 "), run.serial());
			assertEquals(1, run.exit().status());
		}
	}

	@Test
	void equalRunsAreEqualInEverything() throws Exception {
		Run first = run(Sample.TICKER, "rounds=3 period=777", BootProtocol.PVH);
		assertEquals(first, run(Sample.TICKER, "rounds=3 period=777", BootProtocol.PVH));
	}

	@Test
	void theLengthOfTheHostsSlicesChangesNothing() throws Exception {
		Run whole = run(Sample.TICKER, "rounds=2 period=777", BootProtocol.PVH);
		for (long slice : new long[] { 1, 2, 13, 1000 }) {
			assertEquals(whole, run(Sample.TICKER, "rounds=2 period=777", BootProtocol.PVH, slice),
					"slices of " + slice);
		}
	}

	@Test
	void replayedInputGivesTheSameRunToTheInstruction() throws Exception {
		BarePc live = new BarePc(ECHO, LoadRequest.PLAIN);
		InputGate gate = live.pc.machine.input();
		int[] boundaries = { 0 };
		Run recorded = live.run(97, () -> {
			if (++boundaries[0] % 50 == 0) {
				gate.offer(SerialPort.COM1, new byte[] { (byte) (boundaries[0] < 1000 ? 'a' : 'q') });
			}
			gate.letIn();
		});
		assertTrue(recorded.serial().length() > 30, recorded.serial());
		for (long slice : new long[] { 1, 97, 1_000_000 }) {
			BarePc again = new BarePc(ECHO, LoadRequest.PLAIN);
			again.pc.machine.input().replay(gate.record());
			assertEquals(recorded, again.run(slice, () -> {
			}), "slices of " + slice);
		}
	}
}
