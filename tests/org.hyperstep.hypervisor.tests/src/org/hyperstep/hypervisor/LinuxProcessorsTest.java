/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.samples.DebianKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a kernel that nobody here wrote makes of the machine's tables and its processors. */
@SuppressWarnings("nls")
class LinuxProcessorsTest {
	private static final long SLICE = 1_000_000, LONGEST = 300_000_000;
	private static final String COMMAND_LINE = "earlyprintk=serial,ttyS0,115200 console=ttyS0";

	private final ByteArrayOutputStream serial = new ByteArrayOutputStream();

	@ParameterizedTest
	@EnumSource
	void linuxBringsUpBothCpusWithTimeStampsThatAgree(Virtualization virtualization) throws Exception {
		Machine machine = new Machine(MachineDescription.pc(256L << 20, 2,
				virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD));
		machine.serial().setSink(serial::write);
		VirtualMachine guest = VirtualMachine.create(machine);
		guest.start(machine.load(GuestImage.open(kernel()), LoadRequest.withCommandLine(COMMAND_LINE)));
		while (!output().contains("processors activated")) {
			assertInstanceOf(VcpuStop.SliceOver.class, guest.run(SLICE), this::output);
			assertTrue(guest.time() < LONGEST, this::output);
		}
		assertSaid("ACPI: RSDP 0x00000000000E0000");
		assertSaid("ACPI: PM-Timer IO Port: 0x608");
		assertSaid("IOAPIC[0]: apic_id 0, version 17, address 0xfec00000, GSI 0-23");
		assertSaid("ACPI: INT_SRC_OVR (bus 0 bus_irq 0 global_irq 2 dfl dfl)");
		assertSaid("smp: Brought up 1 node, 2 CPUs");
		assertFalse(output().contains("TSC warp"), this::output);
		assertFalse(output().contains("[Firmware Bug]"), this::output);
	}

	private void assertSaid(String message) {
		assertTrue(output().contains(message), () -> message + " is not in\n" + output());
	}

	private String output() {
		return serial.toString(StandardCharsets.ISO_8859_1);
	}

	private static Path kernel() {
		DebianKernel.Outcome outcome = DebianKernel.vmlinux(DebianKernel.defaultCacheDirectory());
		if (outcome.vmlinux().isEmpty()) {
			System.err.println("*** SKIPPED: Debian's kernel is not to be had here: " + outcome.reason() + " ***");
		}
		assumeTrue(outcome.vmlinux().isPresent(), outcome.reason());
		return outcome.vmlinux().orElseThrow();
	}
}
