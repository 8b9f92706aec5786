/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.Equipment;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.ResetPolicy;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.Virtualization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest that resets its machine starts again under the same debugger. */
@SuppressWarnings("nls")
class ResetTest {
	private static final long START = 0x7c00;
	/** Writes 6 to port 0xcf9; HLT. */
	private static final String CONTROL_REGISTER = "baf90cb006eef4";
	/** Offset of the reset in the guest's code. */
	private static final int RESET = 26;

	@TempDir
	Path directory = Path.of("");

	/**
	 * Counts its starts in the battery's RAM at 0x40, resets the machine twice, and then writes the count to the debug-exit
	 * port; 0x77 where it finds what it wrote into memory before the reset.
	 */
	private Path guest(String reset) throws IOException {
		int length = reset.length() / 2;
		String code = "803e005000" + String.format("75%02x", 22 + length) + "c606005001"
				+ "b040e670e471fec0e6713c03" + String.format("73%02x", length) + reset + "e6f4f4" + "b077e6f4f4";
		return Files.write(directory.resolve("guest.bin"), HexFormat.of().parseHex(code));
	}

	private GuestFixture launch(String reset, Virtualization virtualization, ResetPolicy policy) throws Exception {
		return GuestFixture.launch(TargetConfiguration.of(guest(reset)).withMemory(16 << 20).withCpus(2)
				.withVirtualization(virtualization)
				.withEquipment(Equipment.NONE.withBoot("flat:0x7c00,16").withResets(policy)));
	}

	@ParameterizedTest
	@CsvSource({ "VMX," + CONTROL_REGISTER, "SVM," + CONTROL_REGISTER, "VMX,b0fee664f4", "VMX,b003e692f4" })
	void aResetStartsTheGuestAgainInClearedMemory(Virtualization virtualization, String reset) throws Exception {
		try (GuestFixture guest = launch(reset, virtualization, ResetPolicy.RESTART)) {
			ExitStatus status = guest.runToEnd();
			assertEquals(7, status.status(), status.text());
			assertEquals(2,
					guest.target.journal().find(JournalQuery.ALL.withKinds(java.util.Set.of(EventKind.RESET)), 0, 100)
							.size());
		}
	}

	@ParameterizedTest
	@CsvSource({ "VMX,0f011e0060cc", "SVM,0f011e0060cc" })
	void aTripleFaultStopsTheGuestUnlessItIsToStartAgain(Virtualization virtualization, String fault) throws Exception {
		try (GuestFixture guest = launch(fault, virtualization, ResetPolicy.RESTART_AFTER_TRIPLE_FAULT)) {
			assertEquals(7, guest.runToEnd().status());
		}
		try (GuestFixture guest = launch(fault, virtualization, ResetPolicy.RESTART)) {
			StopEvent stop = GuestFixture.await(guest.target.runTo(0, START + 0x1000));
			assertInstanceOf(StopEvent.TripleFault.class, stop);
		}
	}

	@Test
	void aResetEndsTheGuestWhereThatIsWanted() throws Exception {
		try (GuestFixture guest = launch(CONTROL_REGISTER, Virtualization.VMX, ResetPolicy.END)) {
			ExitStatus status = guest.runToEnd();
			assertEquals(ExitStatus.Kind.SHUTDOWN, status.kind());
			assertEquals("reset by the guest", status.text());
		}
	}

	@Test
	void breakpointsStay() throws Exception {
		try (GuestFixture guest = launch(CONTROL_REGISTER, Virtualization.VMX, ResetPolicy.RESTART)) {
			GuestFixture.await(guest.target.setBreakpoint(new BreakpointLocation.Linear(START + RESET)));
			for (int start = 1; start <= 2; start++) {
				StopEvent stop = GuestFixture.await(guest.target.runTo(0, START + 0x1000));
				assertInstanceOf(StopEvent.BreakpointHit.class, stop);
				assertEquals(start, guest.registers().value("rax") & 0xff);
			}
			assertEquals(7, guest.runToEnd().status());
		}
	}

	@ParameterizedTest
	@CsvSource({ "VMX", "SVM" })
	void aStepOverTheResetEndsAtTheGuestsFirstInstruction(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = launch(CONTROL_REGISTER, virtualization, ResetPolicy.RESTART)) {
			GuestFixture.await(guest.target.runTo(0, START + RESET + 5));
			StopEvent stop = guest.step(StepKind.INSTRUCTION_OVER);
			assertInstanceOf(StopEvent.StepDone.class, stop);
			assertEquals(START, stop.linear());
			assertTrue(guest.target.exitStatus().isEmpty());
			assertEquals(7, guest.runToEnd().status());
		}
	}

	@Test
	void aGuestWhoseImageIsGoneStopsAndSaysSo() throws Exception {
		try (GuestFixture guest = launch(CONTROL_REGISTER, Virtualization.VMX, ResetPolicy.RESTART)) {
			Files.delete(directory.resolve("guest.bin"));
			StopEvent stop = GuestFixture.await(guest.target.runTo(0, START + 0x1000));
			assertTrue(stop instanceof StopEvent.Failure failure && failure.text().contains("guest.bin"),
					stop.toString());
		}
	}
}
