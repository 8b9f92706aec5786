/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison with other machines, with shell scripts in their place. */
@SuppressWarnings("nls")
class PeerTableTest {
	private static final Pattern ROUND = Pattern.compile("^round (.*)$");

	/** A machine that prints some lines and waits for its end. */
	private record Script(String name, String text, Optional<String> lacking) implements PeerMachine {
		Script(String name, String text) {
			this(name, text, Optional.empty());
		}

		@Override
		public List<String> command(GuestProgram program, Path directory) {
			return List.of("sh", "-c", text);
		}
	}

	private static GuestProgram program(int lastMark) {
		return new GuestProgram("guest", Path.of("guest"), Optional.empty(), "", List.of(), ROUND, lastMark);
	}

	private final StringWriter text = new StringWriter();

	private boolean row(PeerMachine peer, PeerMachine own) throws IOException {
		PeerTable table = new PeerTable(List.of(peer), List.of(own), new PrintWriter(text));
		table.head();
		return table.row(program(2), new GuestMeasurement(0, 0, 60));
	}

	@Test
	void sampleIsTakenBetweenAnyTwoMarks() throws IOException {
		Script script = new Script("A", "echo round 1; echo noise; echo round 1; echo round 1; echo round 1; sleep 60");
		Samples samples = new GuestMeasurement(0, 0, 60).measure(script, program(2));
		assertEquals(2, samples.seconds().size());
		assertEquals("1", samples.checksum());
	}

	@Test
	void guestWithOneMarkIsTimedFromTheStart() throws IOException {
		Script script = new Script("A", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo round 1; sleep 60");
		Samples samples = new GuestMeasurement(0, 0, 60).measure(script, program(0));
		assertEquals(1, samples.seconds().size());
		assertTrue(samples.median() > 0);
	}

	@Test
	void machinesThatComputeTheSameAgree() throws IOException {
		Script script = new Script("A", "echo round 1; echo round 1; echo round 1");
		assertTrue(row(script, new Script("B", script.text())), text.toString());
	}

	@Test
	void differentChecksumsAreTold() throws IOException {
		assertFalse(row(new Script("A", "echo round 1; echo round 1; echo round 1"),
				new Script("B", "echo round 1; echo round 1; echo round 2")));
		assertTrue(text.toString().contains("computed different things: [1, 2]"), text.toString());
	}

	@Test
	void machineThatIsMissingIsLeftOutWithItsReason() throws IOException {
		assertTrue(row(new Script("A", "", Optional.of("no such program")),
				new Script("B", "echo round 1; echo round 1; echo round 1")));
		assertTrue(text.toString().contains("A is left out: no such program"), text.toString());
		assertTrue(text.toString().contains("| guest | - | - |"), text.toString());
	}

	@Test
	void ownMachineWithoutAMarkIsAFailure() throws IOException {
		assertFalse(row(new Script("A", "echo round 1; echo round 1; echo round 1"), new Script("B", "exit 1")));
		assertTrue(text.toString().contains("B, guest: the guest did not come to its mark"), text.toString());
	}

	@Test
	void guestIsEndedAtTheLimit() throws IOException {
		Samples samples = new GuestMeasurement(0, 0, 0.2).measure(new Script("A", "echo round 1; exec sleep 60"),
				program(2));
		assertTrue(samples.trouble().isPresent());
	}

	@Test
	void workloadsRunOnOurOwnMachine(@TempDir Path directory) throws IOException {
		Path image = Sample.BENCH.copyTo(directory);
		HyperstepMachine machine = new HyperstepMachine(Virtualization.VMX);
		for (Workload workload : List.of(Workload.CALLS, Workload.SMC)) {
			Samples samples = new GuestMeasurement(0, 0, 60).measure(machine, workload.program(image));
			assertEquals(Optional.empty(), samples.trouble(), workload.toString());
			assertTrue(samples.median() > 0, workload.toString());
		}
	}
}
