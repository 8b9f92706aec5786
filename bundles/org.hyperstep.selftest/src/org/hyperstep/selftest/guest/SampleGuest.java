/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest.guest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.hypervisor.VirtualMachine;
import org.hyperstep.hypervisor.Virtualization;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.samples.Sample;

/** A sample guest loaded into a machine, of one CPU unless more are asked for: the first executes it. */
@SuppressWarnings("nls")
public final class SampleGuest {
	public final Machine machine;
	public final VirtualMachine guest;
	public final Vcpu cpu;
	private final ByteArrayOutputStream serial = new ByteArrayOutputStream();

	public SampleGuest(Sample sample, Virtualization virtualization, String commandLine) {
		this(sample, virtualization, commandLine, 1);
	}

	public SampleGuest(Sample sample, Virtualization virtualization, String commandLine, int cpus) {
		this(sample, virtualization, VirtualizationOptions.DEFAULT, commandLine, cpus);
	}

	/** With one CPU, stepped by the column's mechanism. */
	public SampleGuest(Sample sample, StepCase column, String commandLine) {
		this(sample, column.virtualization(), column.options(), commandLine, 1);
		cpu.setStepMechanism(column.mechanism());
	}

	private SampleGuest(Sample sample, Virtualization virtualization, VirtualizationOptions options, String commandLine,
			int cpus) {
		CpuVendor vendor = virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD;
		try (InputStream image = sample.image()) {
			machine = new Machine(MachineDescription.pc(64L << 20, cpus, vendor).with(options));
			machine.serial().setSink(serial::write);
			guest = VirtualMachine.create(machine);
			guest.start(machine.load(GuestImage.of(sample.label(), image.readAllBytes()),
					LoadRequest.withCommandLine(commandLine)));
			cpu = guest.cpus().get(0);
		} catch (IOException | MachineException | ImageException e) {
			throw new IllegalStateException(e);
		}
	}

	public String serial() {
		return serial.toString(StandardCharsets.UTF_8);
	}

	/** Runs to something other than the end of a slice. */
	public VcpuStop runToStop() {
		while (true) {
			VcpuStop stop = guest.run(1_000_000_000);
			if (!(stop instanceof VcpuStop.SliceOver)) {
				return stop;
			}
		}
	}
}
