/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sample guests run to their ends. */
@SuppressWarnings("nls")
class SampleRunTest {
	private static final int PASSED = 1;

	@ParameterizedTest
	@EnumSource
	void tickerComputesWhileItsTimerInterrupts(Virtualization virtualization) {
		SampleGuest guest = new SampleGuest(Sample.TICKER, virtualization, "");
		VcpuStop stop = guest.runToStop();
		assertEquals(PASSED, assertInstanceOf(VcpuStop.MachineExit.class, stop, guest.serial()).status(),
				guest.serial());
	}

	@ParameterizedTest
	@EnumSource
	void seamsPasses(Virtualization virtualization) {
		SampleGuest guest = new SampleGuest(Sample.SEAMS, virtualization, "");
		VcpuStop stop = guest.runToStop();
		assertEquals(PASSED, assertInstanceOf(VcpuStop.MachineExit.class, stop, guest.serial()).status(),
				guest.serial());
	}

	@ParameterizedTest
	@EnumSource
	void tripleFaultStopsWithTheState(Virtualization virtualization) {
		assertInstanceOf(VcpuStop.TripleFault.class,
				new SampleGuest(Sample.TRIPLE_FAULT, virtualization, "").runToStop());
	}

	@ParameterizedTest
	@EnumSource
	void haltWithInterruptsOffStops(Virtualization virtualization) {
		assertInstanceOf(VcpuStop.Halted.class, new SampleGuest(Sample.HLT_FOREVER, virtualization, "").runToStop());
	}

	@ParameterizedTest
	@EnumSource
	void deadLoopUsesUpItsSlice(Virtualization virtualization) {
		SampleGuest guest = new SampleGuest(Sample.DEAD_LOOP, virtualization, "");
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(10_000_000));
		assertEquals(10_000_000, guest.guest.time());
	}
}
