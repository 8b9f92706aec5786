/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import org.hyperstep.debug.Equipment;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.ProcessorLevel;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.debug.backend.BackEnd;
import org.hyperstep.debug.engine.DebugEngine;
import org.hyperstep.debug.engine.SerialBuffer;
import org.hyperstep.hypervisor.VirtualMachine;
import org.hyperstep.machine.Attachments;
import org.hyperstep.machine.CpuLevel;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.device.DebugPorts;
import org.hyperstep.machine.device.SerialPort;
import org.hyperstep.machine.disk.DiskException;
import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.machine.image.BootChoice;
import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.machine.input.SerialDestination;
import org.hyperstep.machine.network.NetworkException;
import org.hyperstep.machine.network.NetworkRequest;
import org.hyperstep.machine.virtio.VirtioConsole;
import org.hyperstep.symbols.SymbolFile;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.x86.system.FeatureSelection;

/** Launches guests on the embedded hypervisor. */
@SuppressWarnings("nls")
public final class EmbeddedTargets {
	private EmbeddedTargets() {
	}

	/**
	 * Builds a machine, loads the image and makes a target that stands before its first instruction. Works in the
	 * background: any thread may call. The future fails with a {@link TargetException} whose message, one line, is fit
	 * for a user. Cancelled, it leaves nothing behind.
	 */
	public static CompletableFuture<Target> launch(TargetConfiguration configuration) {
		CompletableFuture<Target> outcome = new CompletableFuture<>();
		Thread thread = new Thread(() -> launch(configuration, outcome), "Hyperstep launch");
		thread.setDaemon(true);
		thread.start();
		return outcome;
	}

	private static void launch(TargetConfiguration configuration, CompletableFuture<Target> outcome) {
		try {
			Target target = build(configuration, outcome);
			if (!outcome.complete(target)) {
				target.close();
			}
		} catch (TargetException | RuntimeException | AssertionError failure) {
			outcome.completeExceptionally(failure);
		} catch (OutOfMemoryError tooLarge) {
			outcome.completeExceptionally(new TargetException(
					"This process has no memory left for the guest; give the guest less, or start Java with a larger -Xmx."));
		}
	}

	private static Target build(TargetConfiguration configuration, CompletableFuture<Target> outcome)
			throws TargetException {
		MachineDescription description = description(configuration);
		Attachments attachments = attachments(configuration.equipment());
		boolean built = false;
		try {
			Target target = build(configuration, description.with(attachments.rows()), outcome);
			built = true;
			return target;
		} finally {
			if (!built) {
				close(attachments);
			}
		}
	}

	private static Attachments attachments(Equipment equipment) throws TargetException {
		try {
			List<DriveRequest> drives = new ArrayList<>();
			for (String disk : equipment.disks()) {
				drives.add(DriveRequest.parse(disk, false));
			}
			for (String cdrom : equipment.cdroms()) {
				drives.add(DriveRequest.parse(cdrom, true));
			}
			List<NetworkRequest> networks = new ArrayList<>();
			for (String network : equipment.networks()) {
				networks.add(NetworkRequest.parse(network));
			}
			return Attachments.open(drives, networks, equipment.console());
		} catch (DiskException | NetworkException refusal) {
			throw new TargetException(String.valueOf(refusal.getMessage()), refusal);
		}
	}

	private static void close(Attachments attachments) {
		try {
			attachments.close();
		} catch (IOException e) {
			// What failed before is what the user is told.
		}
	}

	private static Target build(TargetConfiguration configuration, MachineDescription description,
			CompletableFuture<Target> outcome) throws TargetException {
		try {
			BootChoice boot = BootChoice.parse(configuration.equipment().boot());
			GuestImage image = boot.open(configuration.image());
			SymbolFile symbols = SymbolFile.readIfElf(configuration.image());
			checkWanted(outcome);
			Machine machine = new Machine(description);
			SerialBuffer line = new SerialBuffer();
			SerialOutput output = new SerialOutput(line);
			machine.serial().setSink(output);
			machine.device(DebugPorts.class).setConsole(output);
			String channel = SerialPort.COM1;
			if (configuration.equipment().console()) {
				channel = VirtioConsole.NAME;
				machine.device(VirtioConsole.class).setSink(output);
			}
			if (image.protocols().contains(BootProtocol.FIRMWARE)) {
				VideoFirmware.install(machine, configuration.image());
			}
			SerialDestination.parse(configuration.equipment().secondLine()).connect(machine);
			VirtualMachine guest = VirtualMachine.create(machine);
			LoadRequest request = new LoadRequest(configuration.commandLine(), configuration.modules(),
					boot.protocol());
			guest.start(machine.load(image, request));
			checkWanted(outcome);
			BackEnd backEnd = new EmbeddedBackEnd(machine, guest, output, channel,
					() -> loadAgain(machine, configuration, request), configuration.equipment().resets());
			return new DebugEngine(configuration, backEnd, symbols, journal(configuration, guest), line);
		} catch (ImageException | MachineException | SymbolFileException refusal) {
			throw new TargetException(String.valueOf(refusal.getMessage()), refusal);
		}
	}

	/** Reads the image anew: nobody keeps its bytes while the guest runs. */
	private static InitialState loadAgain(Machine machine, TargetConfiguration configuration, LoadRequest request)
			throws TargetException {
		try {
			return machine.startsFirmware() ? InitialState.reset()
					: machine.load(BootChoice.parse(configuration.equipment().boot()).open(configuration.image()),
							request);
		} catch (ImageException refusal) {
			throw new TargetException(String.valueOf(refusal.getMessage()), refusal);
		}
	}

	private static EventJournal journal(TargetConfiguration configuration, VirtualMachine guest)
			throws TargetException {
		EventJournal.Describer describer = new EventTexts(guest.virtualization())::describe;
		if (configuration.journalBytes() == 0) {
			return new EventJournal(EventJournal.FEWEST_BYTES, describer);
		}
		try {
			EventJournal journal = new EventJournal(configuration.journalBytes(), describer);
			guest.setEventSink(new JournalWriter(journal, guest));
			return journal;
		} catch (IllegalArgumentException refusal) {
			throw new TargetException(String.valueOf(refusal.getMessage()), refusal);
		}
	}

	private static MachineDescription description(TargetConfiguration configuration) throws TargetException {
		CpuVendor vendor = configuration.virtualization() == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD;
		try {
			return MachineDescription.pc(configuration.memory(), configuration.cpus(), vendor)
					.with(configuration.options()).with(level(configuration.equipment().level()))
					.with(FeatureSelection.parse(configuration.equipment().features()));
		} catch (IllegalArgumentException refusal) {
			throw new TargetException(String.valueOf(refusal.getMessage()), refusal);
		}
	}

	private static CpuLevel level(ProcessorLevel level) {
		return switch (level) {
			case V2 -> CpuLevel.V2;
			case V3 -> CpuLevel.V3;
		};
	}

	private static void checkWanted(CompletableFuture<Target> outcome) {
		if (outcome.isDone()) {
			throw new CancellationException("the launch was cancelled");
		}
	}
}
