/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

/** "CPUID—CPU Identification": leaves that hold values. */
@SuppressWarnings("nls")
class CpuidTest {
	private static int[] ask(Vendor vendor, Level level, int apicId, int processors, int leaf, int subleaf) {
		int[] answer = new int[4];
		ProcessorModel.of(vendor, level, apicId, processors).cpuid(leaf, subleaf, answer);
		return answer;
	}

	private static int bytes(int[] cache) {
		int ways = (cache[1] >>> 22) + 1;
		int partitions = (cache[1] >>> 12 & 0x3ff) + 1;
		int line = (cache[1] & 0xfff) + 1;
		return ways * partitions * line * (cache[2] + 1);
	}

	@Test
	void deterministicCacheParametersMultiplyToTheSizes() {
		int[] intel = { 32 << 10, 32 << 10, 256 << 10, 8 << 20 };
		int[] amd = { 32 << 10, 32 << 10, 512 << 10, 16 << 20 };
		for (int index = 0; index < 4; index++) {
			assertEquals(intel[index], bytes(ask(Vendor.INTEL, Level.V3, 0, 4, 4, index)));
			assertEquals(amd[index], bytes(ask(Vendor.AMD, Level.V3, 0, 4, 0x8000_001d, index)));
		}
		assertEquals(0, ask(Vendor.INTEL, Level.V3, 0, 4, 4, 4)[0] & 31, "no more caches");
		assertEquals(0, ask(Vendor.AMD, Level.V3, 0, 4, 0x8000_001d, 4)[0] & 31, "no more caches");
	}

	@Test
	void lastCacheIsSharedByTheWholePackageAndTheFirstByNobody() {
		assertEquals(3, ask(Vendor.INTEL, Level.V3, 0, 3, 4, 3)[0] >>> 14 & 0xfff, "APIC IDs, rounded up");
		assertEquals(2, ask(Vendor.AMD, Level.V3, 0, 3, 0x8000_001d, 3)[0] >>> 14 & 0xfff);
		assertEquals(0, ask(Vendor.INTEL, Level.V3, 0, 3, 4, 0)[0] >>> 14 & 0xfff);
	}

	@Test
	void amdsOlderCacheLeavesSayTheSame() {
		assertEquals(32, ask(Vendor.AMD, Level.V2, 0, 1, 0x8000_0005, 0)[2] >>> 24);
		assertEquals(512, ask(Vendor.AMD, Level.V2, 0, 1, 0x8000_0006, 0)[2] >>> 16);
		assertEquals(32, ask(Vendor.AMD, Level.V2, 0, 1, 0x8000_0006, 0)[3] >>> 18, "units of 512 KB");
	}

	@Test
	void topologyLeavesAgree() {
		for (int leaf : new int[] { 0xb, 0x1f }) {
			int[] cores = ask(Vendor.INTEL, Level.V3, 5, 6, leaf, 1);
			assertEquals(3, cores[0]);
			assertEquals(6, cores[1]);
			assertEquals(5, cores[3]);
			assertEquals(0, ask(Vendor.INTEL, Level.V3, 5, 6, leaf, 2)[1], "no third level");
		}
		assertEquals(5, ask(Vendor.AMD, Level.V3, 5, 6, 0x8000_001e, 0)[0]);
		assertEquals(5 | 3 << 12, ask(Vendor.AMD, Level.V3, 5, 6, 0x8000_0008, 0)[2]);
		assertTrue((ask(Vendor.INTEL, Level.V2, 0, 2, 1, 0)[3] & 1 << 28) != 0, "HTT");
		assertEquals(0, ask(Vendor.INTEL, Level.V2, 0, 1, 1, 0)[3] & 1 << 28, "HTT");
	}

	@Test
	void brandNamesTheLevel() {
		StringBuilder text = new StringBuilder();
		for (int leaf = 0x8000_0002; leaf <= 0x8000_0004; leaf++) {
			for (int part : ask(Vendor.AMD, Level.V3, 0, 1, leaf, 0)) {
				for (int shift = 0; shift < 32; shift += 8) {
					text.append((char) (part >>> shift & 0xff));
				}
			}
		}
		assertEquals("Hyperstep virtual processor, x86-64-v3", text.toString().replace("\0", ""));
	}

	@Test
	void stateComponentsOfLeafDHaveTheirSizesAndOffsets() {
		assertEquals(7, ask(Vendor.INTEL, Level.V3, 0, 1, 0xd, 0)[0] & 7);
		assertEquals(256, ask(Vendor.INTEL, Level.V3, 0, 1, 0xd, 2)[0]);
		assertEquals(576, ask(Vendor.INTEL, Level.V3, 0, 1, 0xd, 2)[1]);
		assertEquals(0, ask(Vendor.AMD, Level.V2, 0, 1, 0xd, 0)[0], "no XSAVE");
	}

	/** The features that the x86-64 psABI asks of its levels. */
	@Test
	void levelsHaveWhatThePsAbiAsksOfThem() {
		Feature[] third = { Feature.AVX, Feature.AVX2, Feature.BMI1, Feature.BMI2, Feature.F16C, Feature.FMA,
				Feature.ABM, Feature.MOVBE, Feature.XSAVE };
		Feature[] second = { Feature.CMPXCHG16B, Feature.LAHF64, Feature.POPCNT };
		for (Vendor vendor : Vendor.values()) {
			for (Feature feature : second) {
				assertTrue(ProcessorModel.of(vendor, Level.V2, 0, 1).has(feature), vendor + " " + feature);
			}
			for (Feature feature : third) {
				assertTrue(ProcessorModel.of(vendor, Level.V3, 0, 1).has(feature), vendor + " " + feature);
			}
		}
	}
}
