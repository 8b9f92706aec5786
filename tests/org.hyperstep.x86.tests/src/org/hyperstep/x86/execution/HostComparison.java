/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.CaseGenerator.Generated;
import org.hyperstep.x86.format.IntelFormatter;

/** Runs cases on the host and in the emulator, in batches, and collects where they differ. */
@SuppressWarnings("nls")
final class HostComparison {
	private static final int BATCH = 1000, REPORTS_EACH = 3;

	private final EmulatedProcessor emulated = new EmulatedProcessor();
	private final Map<Mnemonic, Integer> differing = new TreeMap<>();
	private final List<String> reports = new ArrayList<>();
	private long count;

	/** Compares so many cases, in equal parts of these rows. */
	void compare(List<InstructionForm> rows, long cases, long seed) throws IOException, InterruptedException {
		CaseGenerator generator = new CaseGenerator(seed, rows);
		try (HostProcessor host = new HostProcessor()) {
			List<Generated> batch = generate(generator);
			host.send(starts(batch));
			for (long done = 0; done < cases; done += BATCH) {
				HostProcessor.Outcome[] expected = host.receive(starts(batch));
				List<Generated> next = generate(generator);
				host.send(starts(next));
				for (int i = 0; i < BATCH; i++) {
					check(batch.get(i), expected[i]);
				}
				batch = next;
			}
			host.receive(starts(batch));
		}
	}

	private static List<Generated> generate(CaseGenerator generator) {
		List<Generated> batch = new ArrayList<>();
		for (int i = 0; i < BATCH; i++) {
			batch.add(generator.next());
		}
		return batch;
	}

	private static List<HostProcessor.Case> starts(List<Generated> batch) {
		return batch.stream().map(Generated::start).toList();
	}

	/** Cases that were compared. */
	long count() {
		return count;
	}

	/** Cases that differ, by instruction. */
	Map<Mnemonic, Integer> differing() {
		return differing;
	}

	/** The first differences of each instruction. */
	String reports() {
		return String.join("\n", reports);
	}

	private void check(Generated generated, HostProcessor.Outcome expected) {
		HostProcessor.Case start = generated.start();
		HostProcessor.Outcome actual;
		count++;
		try {
			actual = emulated.execute(start);
		} catch (RuntimeException e) {
			throw new AssertionError(text(generated), e);
		}
		String difference = HostDifference.of(generated, expected, actual);
		if (!difference.isEmpty()
				&& differing.merge(generated.instruction().mnemonic(), 1, Integer::sum) <= REPORTS_EACH) {
			reports.add(text(generated) + "\n" + difference);
		}
	}

	private static String text(Generated generated) {
		HostProcessor.Case start = generated.start();
		return HexFormat.ofDelimiter(" ").formatHex(start.code()) + "  "
				+ new IntelFormatter().format(generated.instruction(), HostProcessor.INSTRUCTION, a -> null) + "  "
				+ start.mode();
	}
}
