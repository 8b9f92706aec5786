/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.eclipse.cdt.dsf.debug.service.IInstruction;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.service.GuestDisassembly;
import org.hyperstep.dsf.service.GuestRunControl;
import org.hyperstep.samples.DebianKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guests that others wrote are debugged from the first instruction that their processor executes. */
@SuppressWarnings("nls")
class RealGuestTest {
	private static final int STEPS = 20;
	private static final String SEABIOS = "/usr/share/seabios/bios-256k.bin";

	/**
	 * A guest.
	 *
	 * @param image      its file
	 * @param source     where the file comes from, for a person to read
	 * @param boot       how it is booted
	 * @param cds        its CDs
	 * @param first      linear address of the first instruction
	 * @param landmark   linear address that its boot protocol says it reaches later
	 */
	record Guest(Path image, String source, String boot, List<String> cds, long first, long landmark) {
		@Override
		public String toString() {
			return image.getFileName() + " by " + boot;
		}
	}

	/**
	 * Linux's boot protocol loads the real-mode part at a segment of the loader's choice and enters it 512 bytes behind
	 * it; protected-mode code is at 1 MB. A processor starts at its reset vector, 16 bytes below 4 GB; a BIOS loads boot
	 * sectors at 0x7C00.
	 */
	private static Stream<Guest> guests() {
		Path kernel = DebianKernel.files(DebianKernel.defaultCacheDirectory()).directory()
				.orElse(Path.of("linux-image-amd64")).resolve("vmlinuz");
		return Stream.of(
				new Guest(kernel, "linux-image-amd64", "linux16", List.of(), 0x10200, 0x10_0000),
				new Guest(Path.of("/boot/memtest86+x64.bin"), "memtest86+", "linux32", List.of(), 0x10_0000, 0x10_0000),
				new Guest(Path.of("/boot/ipxe.lkrn"), "ipxe", "linux16", List.of(), 0x10200, 0x10200),
				new Guest(Path.of(SEABIOS), "seabios", "bios", List.of("/usr/lib/ipxe/ipxe.iso"), 0xFFFF_FFF0L,
						0x7C00));
	}

	record Cell(Guest guest, Virtualization virtualization) {
	}

	static Stream<Cell> cells() {
		return guests().flatMap(
				guest -> Arrays.stream(Virtualization.values()).map(hardware -> new Cell(guest, hardware)));
	}

	@ParameterizedTest
	@MethodSource("cells")
	void guestsOfOthersAreDebuggedFromTheirFirstInstruction(Cell cell) throws Exception {
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration(cell))) {
			GuestRunControl runControl = guest.runControl();
			StopEvent ready = assertInstanceOf(StopEvent.Ready.class, runControl.lastStop().orElseThrow());
			assertEquals(cell.guest.first, ready.linear());
			assertEquals(BigInteger.valueOf(cell.guest.first), firstLine(guest).getAdress());
			for (int step = 1; step <= STEPS; step++) {
				assertEquals(StateChangeReason.STEP, guest.step(StepType.INSTRUCTION_STEP_INTO).getReason());
				assertEquals(step, LaunchedGuest.await(guest.target().statistics()).retired());
			}
			if (cell.guest.landmark != cell.guest.first) {
				LaunchedGuest.await(guest.target().runTo(0, cell.guest.landmark));
				guest.awaitStop();
				assertEquals(cell.guest.landmark, linear(runControl));
			}
			guest.resume();
			guest.order(rm -> runControl.suspend(guest.guest().context(), rm));
			assertEquals(StateChangeReason.USER_REQUEST, guest.awaitStop().getReason());
			assertEquals(StateChangeReason.STEP, guest.step(StepType.INSTRUCTION_STEP_INTO).getReason());
		}
	}

	private static long linear(GuestRunControl runControl) {
		return runControl.lastStop().orElseThrow().linear();
	}

	private static IInstruction firstLine(LaunchedGuest guest) throws Exception {
		GuestDisassembly disassembly = guest.service(GuestDisassembly.class);
		BigInteger first = BigInteger.valueOf(linear(guest.runControl()));
		return guest.<IInstruction[]>query(
				rm -> disassembly.getInstructions(guest.vcpu(), first, first.add(BigInteger.TEN), rm))[0];
	}

	private static ILaunchConfigurationWorkingCopy configuration(Cell cell) throws Exception {
		Stream.concat(Stream.of(cell.guest.image), cell.guest.cds.stream().map(Path::of))
				.forEach(file -> need(file, cell.guest.source));
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(cell.guest.image.toString());
		LaunchAttributes.VIRTUALIZATION.set(configuration, cell.virtualization);
		LaunchAttributes.MEMORY.set(configuration, "256M");
		LaunchAttributes.BOOT.set(configuration, cell.guest.boot);
		LaunchAttributes.CDROMS.set(configuration, cell.guest.cds);
		LaunchAttributes.STOP_AT.set(configuration, "");
		return configuration;
	}

	private static void need(Path file, String debianPackage) {
		if (!Files.isReadable(file)) {
			System.err
					.println("*** SKIPPED: " + file + " is not installed (Debian's package " + debianPackage + ") ***");
		}
		assumeTrue(Files.isReadable(file), file.toString());
	}
}
