/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionTable;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.CaseGenerator.Generated;
import org.junit.jupiter.api.Test;

/**
 * x87 transcendental instructions against this machine's processor. The manuals bound the error of results by one unit in
 * the last place and leave the bits to the processor; all else is the same: exceptions, conditions, tags, special operands.
 */
@SuppressWarnings("nls")
class TranscendentalComparisonTest {
	private static final int CASES = Boolean.getBoolean("hyperstep.nightly") ? 4_000_000 : 80_000, BATCH = 1000;
	/** Which way a result was rounded follows from bits behind the last one, which are the processor's. */
	private static final int C1 = 0x200;
	private static final List<Mnemonic> INSTRUCTIONS = List.of(Mnemonic.F2XM1, Mnemonic.FYL2X, Mnemonic.FYL2XP1,
			Mnemonic.FPTAN, Mnemonic.FPATAN, Mnemonic.FSIN, Mnemonic.FCOS, Mnemonic.FSINCOS);

	/** What the cases of one instruction came to. */
	private static final class Tally {
		private int cases;
		private int equal;
		private int sameC1;
		private long largestDistance;
		private final List<String> differing = new ArrayList<>();

		@Override
		public String toString() {
			return "%d of %d equal to the bit, %d with the same C1, largest distance %d ulp, %d differ".formatted(equal,
					cases, sameC1, largestDistance, differing.size());
		}
	}

	private final Map<Mnemonic, Tally> tallies = new EnumMap<>(Mnemonic.class);

	@Test
	void resultsAreWithinAnUlpOfTheHostsAndAllElseIsTheSame() throws Exception {
		List<InstructionForm> rows = InstructionTable.forms().stream()
				.filter(row -> INSTRUCTIONS.contains(row.mnemonic())).toList();
		CaseGenerator generator = new CaseGenerator(0x87_87, rows);
		EmulatedProcessor emulated = new EmulatedProcessor();
		try (HostProcessor host = new HostProcessor()) {
			for (int done = 0; done < CASES; done += BATCH) {
				List<Generated> batch = new ArrayList<>();
				for (int k = 0; k < BATCH; k++) {
					batch.add(generator.next());
				}
				HostProcessor.Outcome[] expected = host.execute(batch.stream().map(Generated::start).toList());
				for (int k = 0; k < BATCH; k++) {
					compare(batch.get(k), expected[k], emulated.execute(batch.get(k).start()));
				}
			}
		}
		tallies.forEach((mnemonic, tally) -> System.out.println(mnemonic + ": " + tally));
		tallies.forEach((mnemonic, tally) -> {
			assertEquals(List.of(), tally.differing, mnemonic::name);
			assertTrue(tally.largestDistance <= 1, mnemonic::name);
		});
	}

	private void compare(Generated generated, HostProcessor.Outcome host, HostProcessor.Outcome here) {
		Mnemonic mnemonic = generated.instruction().mnemonic();
		Tally tally = tallies.computeIfAbsent(mnemonic, key -> new Tally());
		tally.cases++;
		HostProcessor.X87 there = host.x87();
		HostProcessor.X87 ours = here.x87();
		boolean same = host.trap() == here.trap() && ((there.status() ^ ours.status()) & ~C1) == 0
				&& there.tags() == ours.tags() && there.control() == ours.control();
		long distance = 0;
		for (int k = 0; k < 8 && same; k++) {
			distance = Math.max(distance, distance(there, ours, k));
		}
		if (!same || distance > 1) {
			if (tally.differing.size() < 20) {
				tally.differing.add("\n  start " + generated.start().x87() + "\n  host  " + there + "\n  here  " + ours
						+ (host.trap() == here.trap() ? "" : " trap " + host.trap() + ", here " + here.trap()));
			}
			return;
		}
		tally.largestDistance = Math.max(tally.largestDistance, distance);
		tally.equal += distance == 0 ? 1 : 0;
		tally.sameC1 += distance == 0 && there.status() == ours.status() ? 1 : 0;
	}

	/** Units in the last place between two registers; many where they cannot be compared. */
	private static long distance(HostProcessor.X87 one, HostProcessor.X87 other, int register) {
		int exponents = (one.words()[register] & 0x7fff) - (other.words()[register] & 0x7fff);
		long significands = one.significands()[register] - other.significands()[register];
		if (one.words()[register] == other.words()[register]) {
			return Math.abs(significands);
		}
		boolean neighbours = (one.words()[register] ^ other.words()[register]) < 0x8000 && Math.abs(exponents) == 1;
		return neighbours && significands == (exponents > 0 ? Long.MIN_VALUE + 1 : Long.MAX_VALUE) ? 1 : Long.MAX_VALUE;
	}
}
