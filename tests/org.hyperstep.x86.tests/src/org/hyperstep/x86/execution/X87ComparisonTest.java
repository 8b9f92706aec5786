/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.format.IntelFormatter;
import org.hyperstep.x86.meaning.Meanings;
import org.junit.jupiter.api.Test;

/** x87 instructions leave what this machine's processor leaves: all 80 bits, status word, tags, flags, memory. */
@SuppressWarnings("nls")
class X87ComparisonTest {
	private static final int BATCH = 500;
	private static final boolean NIGHTLY = Boolean.getBoolean("hyperstep.nightly");
	private static final Set<Mnemonic> STORING_POINTERS = EnumSet.of(Mnemonic.FNSTENV, Mnemonic.FNSAVE);
	/** The model has no SSE3; what the 80287's FRSTPM does to later processors is not said in the manuals. */
	private static final Set<Mnemonic> NOT_OFFERED = EnumSet.of(Mnemonic.FISTTP, Mnemonic.FRSTPM);

	private final EmulatedProcessor emulated = new EmulatedProcessor();
	private final Map<Mnemonic, Integer> differing = new TreeMap<>();
	private final List<String> reports = new ArrayList<>();

	private static Set<Mnemonic> executed() {
		Set<Mnemonic> all = EnumSet.noneOf(Mnemonic.class);
		for (Mnemonic mnemonic : Meanings.defined()) {
			if (mnemonic.name().startsWith("F") && !mnemonic.name().startsWith("FX") && mnemonic != Mnemonic.FWAIT) {
				all.add(mnemonic);
			}
		}
		all.addAll(Set.of(Mnemonic.FXCH, Mnemonic.FXAM, Mnemonic.FXTRACT));
		all.removeAll(STORING_POINTERS);
		all.removeAll(NOT_OFFERED);
		return all;
	}

	@Test
	void x87InstructionsLeaveWhatTheHostLeaves() throws Exception {
		compare(executed(), NIGHTLY ? 2_000_000 : 100_000, 0x8087);
	}

	private void compare(Set<Mnemonic> mnemonics, int cases, long seed) throws Exception {
		X87CaseGenerator generator = new X87CaseGenerator(seed, mnemonics);
		try (HostProcessor host = new HostProcessor()) {
			for (int done = 0; done < cases; done += BATCH) {
				List<HostProcessor.Case> batch = new ArrayList<>();
				for (int i = 0; i < BATCH; i++) {
					batch.add(generator.next());
				}
				HostProcessor.Outcome[] expected = host.execute(batch);
				for (int i = 0; i < BATCH; i++) {
					check(batch.get(i), expected[i]);
				}
			}
		}
		if (!differing.isEmpty()) {
			fail(differing + "\n" + String.join("\n", reports));
		}
	}

	private void check(HostProcessor.Case start, HostProcessor.Outcome expected) {
		Instruction i = Decoder.decode(CodeSize.CODE64, start.code(), 0, start.code().length);
		HostProcessor.Outcome actual = emulated.execute(start);
		String difference = difference(i, expected, actual);
		if (!difference.isEmpty()) {
			int count = differing.merge(i.mnemonic(), 1, Integer::sum);
			if (count <= 3) {
				reports.add(HexFormat.ofDelimiter(" ").formatHex(start.code()) + "  "
						+ new IntelFormatter().format(i, FlatMachine.CODE, (a) -> null) + "  memory "
						+ Long.toHexString(start.patch().low()) + "\n" + start.x87() + "\n" + difference);
			}
		}
	}

	private static String difference(Instruction i, HostProcessor.Outcome expected, HostProcessor.Outcome actual) {
		if (expected.trap() != actual.trap()) {
			return "  trap: host " + (expected.trap() - 1) + ", here " + (actual.trap() - 1);
		}
		StringBuilder text = new StringBuilder();
		HostProcessor.X87 host = expected.x87();
		HostProcessor.X87 here = actual.x87();
		boolean status = ((host.status() ^ here.status()) & ~UndefinedConditions.of(i.mnemonic())) == 0;
		boolean registers = Arrays.equals(host.significands(), here.significands())
				&& Arrays.equals(host.words(), here.words());
		if (!status || !registers || host.tags() != here.tags() || host.control() != here.control()) {
			text.append("  host  ").append(host).append("\n  here  ").append(here).append('\n');
		}
		if (expected.memory() != actual.memory()) {
			text.append("  memory: host %016x %04x, here %016x %04x%n".formatted(expected.stored().low(),
					expected.stored().high() & 0xffff, actual.stored().low(), actual.stored().high() & 0xffff));
		}
		if (expected.trap() == 0 && !undefinedFlags(i.mnemonic(), here)
				&& ((expected.flags() ^ actual.flags()) & Flags.STATUS) != 0) {
			text.append("  flags: host %x, here %x%n".formatted(expected.flags(), actual.flags()));
		}
		return text.toString();
	}

	/** Intel leaves ZF, PF and CF if an invalid-operation exception is not masked; AMD sets them all the same. */
	private static boolean undefinedFlags(Mnemonic mnemonic, HostProcessor.X87 here) {
		return mnemonic.name().contains("COMI") && (here.status() & ~here.control() & 1) != 0;
	}
}
