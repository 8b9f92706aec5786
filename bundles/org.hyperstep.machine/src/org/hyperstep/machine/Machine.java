/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.acpi.FirmwareTables;
import org.hyperstep.machine.apic.ApicBus;
import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.bus.AddressLine20;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortBus;
import org.hyperstep.machine.device.InterruptControllers;
import org.hyperstep.machine.device.InterruptWires;
import org.hyperstep.machine.device.IntervalTimer;
import org.hyperstep.machine.device.PowerManagement;
import org.hyperstep.machine.device.RealTimeClock;
import org.hyperstep.machine.device.SerialPort;
import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.pci.HostBridge;
import org.hyperstep.machine.pci.IsaBridge;
import org.hyperstep.machine.pci.PciBus;
import org.hyperstep.machine.pci.PciSetup;
import org.hyperstep.machine.time.VirtualTime;
import org.hyperstep.machine.video.DisplayAdapter;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * A PC without its processors: memory, buses, interrupt controllers, timers, serial line. Whoever runs the processors
 * attaches their clock to {@link #time()}, takes interrupts from {@link #localApic(int)} and does port accesses over
 * {@link #ports()}. Confined to the machine's thread but for {@link #input()}'s methods that say otherwise.
 */
public final class Machine implements Closeable {
	/** hostPhysical address of the first processor's local APIC page; the others follow at multiples of 4096. */
	public static final long LOCAL_APIC_PAGES = 1L << 41;

	private final MachineDescription description;
	private final MemoryMap memoryMap;
	private final PhysicalMemory memory = new PhysicalMemory();
	private final PortBus ports = new PortBus();
	private final AddressLine20 addressLine20 = new AddressLine20(memory);
	private final VirtualTime time = new VirtualTime();
	private final InputGate input = new InputGate(time);
	private final ApicBus apicBus = new ApicBus();
	private final List<LocalApic> localApics = new ArrayList<>();
	private final List<Device> devices = new ArrayList<>();
	private final List<Closeable> resources = new ArrayList<>();
	private @Nullable ExitRequest exitRequest;
	private boolean startsFirmware;

	/**
	 * Makes the machine, everything in the state after power-on.
	 *
	 * @throws MachineException if the host cannot give the memory
	 */
	public Machine(MachineDescription description) throws MachineException {
		this.description = description;
		this.memoryMap = MemoryMap.of(description.memory());
		addRam();
		for (DeviceRow row : description.devices()) {
			Device device = row.make().apply(this);
			if (!device.name().equals(row.name())) {
				throw new IllegalStateException("row " + row.name() + " makes " + device.name()); //$NON-NLS-1$ //$NON-NLS-2$
			}
			devices.add(device);
		}
		InterruptControllers pic = pic();
		for (int cpu = 0; cpu < description.cpus(); cpu++) {
			LocalApic apic = new LocalApic(cpu, time, apicBus, pic);
			localApics.add(apic);
			devices.add(apic);
			memory.addDevice(localApicPage(cpu), MemoryMap.PAGE, apic.registers());
		}
		pic.connect(apicBus.lint0());
	}

	@SuppressWarnings("nls")
	private void addRam() throws MachineException {
		long most = Runtime.getRuntime().maxMemory();
		String refusal = "memory of " + (description.memory() >> 20) + " MB is more than this process can give ("
				+ (most >> 20) + " MB); give the guest less, or start Java with a larger -Xmx";
		if (description.memory() > most) {
			throw new MachineException(refusal);
		}
		try {
			for (MemoryMap.Range range : memoryMap.ram()) {
				memory.addRam(range.start(), range.size());
			}
		} catch (OutOfMemoryError e) {
			throw new MachineException(refusal);
		}
	}

	public MachineDescription description() {
		return description;
	}

	/** Where RAM is, and what of it firmware would report as free. */
	public MemoryMap memoryMap() {
		return memoryMap;
	}

	/** The hostPhysical address space; guest RAM and devices are at their guestPhysical addresses. */
	public PhysicalMemory physicalMemory() {
		return memory;
	}

	/** What opens and closes the A20 gate. */
	public AddressLine20 addressLine20() {
		return addressLine20;
	}

	public PortBus ports() {
		return ports;
	}

	public VirtualTime time() {
		return time;
	}

	/** The gate for what comes from outside. */
	public InputGate input() {
		return input;
	}

	/** The local APIC of a processor. */
	public LocalApic localApic(int cpu) {
		return localApics.get(cpu);
	}

	/** hostPhysical address of a processor's local APIC page, to which its APIC base is to be mapped. */
	public static long localApicPage(int cpu) {
		return LOCAL_APIC_PAGES + (long) cpu * MemoryMap.PAGE;
	}

	/** Messages between local APICs; {@link ApicBus#onAttention} is the kick for the processors. */
	public ApicBus apicBus() {
		return apicBus;
	}

	/** The 8259 pair. */
	public InterruptControllers pic() {
		return device(InterruptControllers.class);
	}

	/** The I/O APIC. */
	public IoApic ioApic() {
		return device(IoApic.class);
	}

	/**
	 * A new source of an ISA interrupt's wire, which goes to the 8259 pair and to the I/O APIC. Sources share the wire: it is
	 * asserted while one of them asserts it.
	 *
	 * @param irq 0 to 15, not 2
	 */
	public InterruptLine interruptLine(int irq) {
		return device(InterruptWires.class).source(irq);
	}

	/** The PCI bus. */
	public PciBus pci() {
		return device(PciBus.class);
	}

	/** The serial line COM1. */
	public SerialPort serial() {
		return device(SerialPort.class);
	}

	/** The serial line COM2. */
	public SerialPort secondSerial() {
		for (Device device : devices) {
			if (device instanceof SerialPort line && line.name().equals(SerialPort.COM2)) {
				return line;
			}
		}
		throw new IllegalStateException("the machine has no " + SerialPort.COM2); //$NON-NLS-1$
	}

	/** All devices, local APICs last. */
	public List<Device> devices() {
		return List.copyOf(devices);
	}

	/**
	 * The device of a class.
	 *
	 * @throws IllegalStateException if the description has none
	 */
	public <T extends Device> T device(Class<T> type) {
		for (Device device : devices) {
			if (type.isInstance(device)) {
				return type.cast(device);
			}
		}
		throw new IllegalStateException("the machine has no " + type.getSimpleName()); //$NON-NLS-1$
	}

	/** What the guest asked for, if it wants the machine to stop. To be looked at after each port access. */
	public @Nullable ExitRequest exitRequest() {
		return exitRequest;
	}

	/** Notes the guest's wish to stop; the first one counts. */
	public void requestExit(ExitRequest request) {
		if (exitRequest == null) {
			exitRequest = request;
		}
	}

	/** Forgets the wish, after a stop that the user continues from. */
	public void clearExitRequest() {
		exitRequest = null;
	}

	/**
	 * Places an image and what goes with it in memory. Beside it go the firmware's tables, and the local APICs are brought
	 * to the state in which firmware hands over, unless the image is firmware itself; timer and interrupt controllers, too,
	 * if the image may use a BIOS.
	 *
	 * @return the registers that the image's protocol asks for
	 * @throws ImageException if the image or a module does not fit; memory but for the tables is unchanged then
	 */
	public InitialState load(GuestImage image, LoadRequest request) throws ImageException {
		if (image.protocolFor(request) == BootProtocol.FIRMWARE) {
			startsFirmware = true;
			return image.load(memory, memoryMap, request);
		}
		FirmwareTables.place(this);
		InitialState state = image.load(memory, memoryMap, request);
		device(HostBridge.class).unlockShadow();
		setUp(state);
		return state;
	}

	/** What firmware does to the devices before it hands over. */
	private void setUp(InitialState state) {
		localApics.forEach(LocalApic::enterVirtualWireMode);
		if (state.findsBios()) {
			device(IntervalTimer.class).startAsBios();
			pic().initialiseAsBios();
		}
		device(DisplayAdapter.class).enterTextMode();
		PciSetup.carryOut(pci(), device(IsaBridge.class));
	}

	/** Has something of the host's closed with the machine. */
	public void closeWithMachine(Closeable resource) {
		resources.add(resource);
	}

	/** Gives back what the devices hold of the host's: files, connections. */
	@Override
	public void close() throws IOException {
		IOException failure = null;
		for (Closeable resource : resources) {
			try {
				resource.close();
			} catch (IOException e) {
				failure = e;
			}
		}
		resources.clear();
		if (failure != null) {
			throw failure;
		}
	}

	/** Brings all devices to the state after power-on; memory and time are left. */
	public void resetDevices() {
		devices.forEach(Device::reset);
		exitRequest = null;
	}

	/** Whether firmware in ROM starts the machine, and starts it again after a reset. */
	public boolean startsFirmware() {
		return startsFirmware;
	}

	/**
	 * The reset line. Time goes on. Memory keeps its contents where firmware starts the machine again; otherwise it is
	 * cleared, and an image has to be loaded anew.
	 */
	public void reset() {
		devices.forEach(Device::hardReset);
		exitRequest = null;
		if (!startsFirmware) {
			memoryMap.ram().forEach(range -> memory.clear(range.start(), range.size()));
		}
	}

	/** Whether the machine sleeps and something has happened that wakes it. */
	public boolean wakes() {
		ExitRequest request = exitRequest;
		return request != null && request.kind() == ExitRequest.Kind.SLEEP && device(PowerManagement.class).wakes();
	}

	/**
	 * Power comes back after sleep: memory has kept its contents. Where firmware starts the machine, it does so again and
	 * finds that the machine was asleep; otherwise what it would do is done.
	 *
	 * @return the registers to go on with
	 * @throws MachineException if the guest has not left a vector to wake up by
	 */
	public InitialState wake() throws MachineException {
		devices.forEach(Device::wake);
		exitRequest = null;
		if (startsFirmware) {
			device(RealTimeClock.class).noteWaking();
			return InitialState.reset();
		}
		InitialState state = InitialState.waking(FirmwareTables.wakingVector(memory));
		setUp(state);
		return state;
	}

	/** The state of all devices. */
	public DeviceSnapshot saveDevices() {
		SortedMap<String, long[]> states = new TreeMap<>();
		for (Device device : devices) {
			states.put(device.name(), device.state().save());
		}
		return new DeviceSnapshot(time.now(), states);
	}

	/**
	 * Brings all devices to a saved state, and the time with them.
	 *
	 * @throws IllegalArgumentException if it was saved from a machine of another make
	 */
	public void loadDevices(DeviceSnapshot snapshot) {
		for (Device device : devices) {
			if (!snapshot.devices().containsKey(device.name())) {
				throw new IllegalArgumentException("no state of " + device.name()); //$NON-NLS-1$
			}
			device.state().load(snapshot.devices().get(device.name()));
		}
		time.restart(snapshot.time());
	}
}
