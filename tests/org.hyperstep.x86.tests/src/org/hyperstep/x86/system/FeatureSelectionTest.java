/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class FeatureSelectionTest {
	private static ProcessorModel model(Vendor vendor, Level level, String features) {
		return ProcessorModel.of(vendor, level, 0, 1).with(FeatureSelection.parse(features));
	}

	@Test
	void featuresAreAddedAndTakenAway() {
		ProcessorModel model = model(Vendor.INTEL, Level.V3, "la57, -smep,+PKU");
		assertTrue(model.has(Feature.LA57) && model.has(Feature.PKU));
		assertFalse(model.has(Feature.SMEP));
		assertEquals(57, model.linearAddressBits());
		assertEquals(CpuState.CR4_LA57, model.cr4Allowed() & (CpuState.CR4_LA57 | CpuState.CR4_SMEP));
	}

	@Test
	void whatAFeatureNeedsComesWithItAndWhatNeedsItGoesWithIt() {
		ProcessorModel with = model(Vendor.AMD, Level.V2, "avx2");
		assertTrue(with.has(Feature.AVX) && with.has(Feature.XSAVE));
		ProcessorModel without = model(Vendor.INTEL, Level.V3, "-xsave");
		for (Feature gone : new Feature[] { Feature.AVX, Feature.AVX2, Feature.FMA, Feature.F16C, Feature.XSAVES }) {
			assertFalse(without.has(gone), gone.name());
		}
		assertEquals(0, without.xcr0Allowed() & CpuState.XCR0_AVX);
	}

	@Test
	void namesAreReadWithoutRegardToCaseAndPunctuation() {
		for (String name : new String[] { "sse4.1", "SSE4_1", "sse4-1", "sse41" }) {
			assertFalse(model(Vendor.INTEL, Level.V2, "-" + name).has(Feature.SSE4_1), name);
		}
		assertEquals(FeatureSelection.NONE, FeatureSelection.parse(" "));
	}

	@Test
	void unknownAndForeignFeaturesAreRefusedByName() {
		String message = assertThrows(IllegalArgumentException.class, () -> FeatureSelection.parse("avx,mmxx"))
				.getMessage();
		assertTrue(message.startsWith("'mmxx' is no feature to choose; there are abm, adx, "), message);
		assertThrows(IllegalArgumentException.class, () -> FeatureSelection.parse("lm"), "every processor here has it");
		assertThrows(IllegalArgumentException.class, () -> FeatureSelection.parse("avx,"));
		assertEquals("no processor of INTEL has the feature sse4a",
				assertThrows(IllegalArgumentException.class, () -> model(Vendor.INTEL, Level.V3, "sse4a"))
						.getMessage());
	}

	@Test
	void everyNameThatIsListedIsRead() {
		for (String name : FeatureSelection.names().split(", ")) {
			assertEquals(1, FeatureSelection.parse(name).more().size(), name);
		}
	}
}
