/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.image.FlatPlacement;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.LoadRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As many virtual CPUs as the issue asks for, brought up by a guest and interrupting each other. */
@SuppressWarnings("nls")
class ManyProcessorsTest {
	private static final int CPUS = 32;
	private static final long LONGEST = 2_000_000_000L;
	/** Counters of the guest: CPUs started, broadcasts received, answers received. */
	private static final int STARTED = 0x500, RECEIVED = 0x502, ANSWERED = 0x504;
	/**
	 * Real mode at 0x8000, the start-up vector's page, for all CPUs: each switches its APIC to x2APIC mode and enables it.
	 * The others count themselves at 0x500, enable interrupts and halt. The first sends INIT and start-up IPIs to all
	 * others, awaits their count, sends vector 0x40 to them, and awaits that each answers with vector 0x60 plus its ID,
	 * then ends the machine.
	 */
	private static final byte[] CODE = HexFormat.of().parseHex("""
			fa31c08ed88ed066b91b0000000f32660d000c00000f306689c366b90f0800006631d266b8ff0100000f30f7c3000175
			1966b9020800000f32c1e006bc007029c4f0ff060005fbf4ebfcbc0078bf0001c705ae00c74502000883c70481ff8001
			72eec705da00c74502000883c70481ff000272ee66b9300800006631d266b800450c000f3066b808460c000f30f39083
			3e00051f72f766b840400c000f30fbf390833e04051f72f76631c0e6f4f4f0ff0602056066b90b0800006631c06631d2
			0f3066b9020800000f3266056040000066b9300800000f3061cfff06040566506651665266b90b0800006631c06631d2
			0f30665a66596658cf
			""".replaceAll("\\s", ""));

	@ParameterizedTest
	@EnumSource(Virtualization.class)
	void allStartAndInterruptEachOther(Virtualization virtualization) throws Exception {
		Machine machine = new Machine(MachineDescription.pc(4L << 20, CPUS,
				virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD));
		VirtualMachine guest = VirtualMachine.create(machine);
		guest.start(machine.load(GuestImage.flat("guest", CODE, FlatPlacement.parse("0x8000,16")), LoadRequest.PLAIN));
		VcpuStop stop = guest.run(LONGEST);
		assertEquals(CPUS - 1, machine.physicalMemory().read(STARTED, 2), () -> stop.toString());
		assertEquals(CPUS - 1, machine.physicalMemory().read(RECEIVED, 2), () -> stop.toString());
		assertEquals(CPUS - 1, machine.physicalMemory().read(ANSWERED, 2), () -> stop.toString());
		assertEquals(new VcpuStop.MachineExit(0, 1), stop);
	}
}
