/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.GuestHypervisorFixture.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.hyperstep.x86.svm.VmcbField.Group;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.hyperstep.x86.virtualization.TouchedPages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * VMRUN of VMCBs that a guest hypervisor has got wrong: whatever they hold, control comes back to the software below,
 * the same way twice. 2,000 of a fixed seed; {@code -Dhyperstep.nightly=true} tries one million,
 * {@code -Dhyperstep.structures=N} so many, on all processors of the host.
 */
@SuppressWarnings("nls")
class RandomVmcbTest {
	private static final int CASES = Integer.getInteger("hyperstep.structures",
			Boolean.getBoolean("hyperstep.nightly") ? 1_000_000 : 2_000);
	private static final int INSTRUCTIONS = 300, PORTION = 1_000;
	private static final Set<SvmExitCode> ENDS = EnumSet.of(SvmExitCode.INTR, SvmExitCode.HLT, SvmExitCode.SHUTDOWN);
	private static final VmcbField[] FIELDS = VmcbField.values();

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void whateverTheVmcbHoldsControlComesBackToTheSoftwareBelow() {
		IntStream.range(0, (CASES + PORTION - 1) / PORTION).parallel()
				.forEach(portion -> new Host().run(portion * PORTION, Math.min(CASES, (portion + 1) * PORTION)));
	}

	/** A guest hypervisor that executes case after case. */
	private static final class Host {
		private final GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN + "ebfb", "90 0fa2 0f01d9")
				.nestedPaging().below();
		private final TouchedPages pages = new TouchedPages(host.memory.physical);
		private final Vmcb vmcb = new Vmcb();

		void run(int first, int end) {
			for (int seed = first; seed < end; seed++) {
				String result = run(seed);
				if (seed % 16 == 0) {
					int hash = pages.hash();
					assertEquals(result, run(seed), "seed " + seed);
					assertEquals(hash, pages.hash(), "memory of seed " + seed);
				}
			}
		}

		/** Runs one case; returns what came of it. */
		private String run(int seed) {
			SplittableRandom random = new SplittableRandom(seed);
			host.processor.reset();
			// Random code reads the time.
			host.processor.setTimeStampCounter(0);
			pages.restore();
			host.memory.load(host.state);
			host.enable();
			for (VmcbField field : FIELDS) {
				vmcb.write(field, host.vmcb.read(field));
			}
			for (int changes = random.nextInt(1, 8); changes > 0; changes--) {
				VmcbField field = FIELDS[random.nextInt(FIELDS.length)];
				vmcb.write(field, value(random, vmcb.read(field)));
			}
			for (Group group : new Group[] { Group.CONTROL, Group.VMRUN, Group.VMLOAD }) {
				vmcb.writeTo(host.memory.physical, VMCB, group);
			}
			if (random.nextInt(4) == 0) {
				byte[] code = new byte[32];
				random.nextBytes(code);
				host.memory.physical.copyIn(INNER_CODE, code, 0, code.length);
			}
			host.svm.saveGuestState(host.below);
			return outcome(seed);
		}

		private String outcome(int seed) {
			long begin = host.processor.retired();
			host.processor.setDeadline(begin + INSTRUCTIONS);
			Svm.Outcome outcome;
			try {
				outcome = host.svm.run(host.below);
			} catch (RuntimeException e) {
				throw new AssertionError("seed " + seed, e);
			}
			assertEquals(Svm.Outcome.VM_EXIT, outcome, () -> "seed " + seed);
			SvmExitCode code = SvmExitCode.of(host.below.read(VmcbField.EXITCODE));
			assertTrue(ENDS.contains(code), () -> "seed " + seed + ": " + code + " " + host.svm.brokenRule());
			return code + " " + Long.toHexString(host.state.rip) + " " + (host.processor.retired() - begin);
		}
	}

	private static long value(SplittableRandom random, long before) {
		return switch (random.nextInt(5)) {
			case 0 -> random.nextLong();
			case 1 -> before ^ 1L << random.nextInt(64);
			case 2 -> random.nextInt(16) * LongModeMemory.GDT;
			case 3 -> random.nextBoolean() ? 0 : -1L;
			default -> before ^ random.nextLong() & random.nextLong() & random.nextLong();
		};
	}
}
