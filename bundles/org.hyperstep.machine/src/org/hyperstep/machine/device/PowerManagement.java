/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.pci.BaseAddress;
import org.hyperstep.machine.pci.ConfigRegister;
import org.hyperstep.machine.pci.ConfigSpace;
import org.hyperstep.machine.pci.IsaBridge;
import org.hyperstep.machine.pci.PciAddress;
import org.hyperstep.machine.pci.PciFunction;
import org.hyperstep.machine.pci.PciIdentity;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * ACPI's fixed hardware (ACPI specification, "Fixed Hardware Registers"): the PM1a event and control blocks and the 24-bit
 * power management timer, with the PCI function 00:01.3 of an Intel 82371AB (PIIX4) that firmware expects. It is always in
 * ACPI mode: the firmware's SMI handler has nothing to hand over. A write to port 0xb2 raises an SMI when the function's
 * registers say so (PIIX4 data sheet, "Advanced Power Management Control Port").
 */
@SuppressWarnings("nls")
public final class PowerManagement implements Device, PortDevice {
	/** The first port of the blocks after reset, and how many there are. */
	public static final int PORTS = 0x600, PORT_COUNT = 64;
	/** The blocks' offsets. */
	public static final int EVENT_BLOCK = 0, CONTROL_BLOCK = 4, TIMER_BLOCK = 8;
	/** The ISA interrupt of the SCI, which is level-triggered. */
	public static final int SCI = 9;
	/** The sleep types of soft off and of sleep state S3. */
	public static final int SOFT_OFF = 0, SUSPEND_TO_RAM = 1;
	/** Channel of the input gate for presses of the power button: a byte is one press. */
	public static final String POWER_BUTTON = "power button";
	/** The timer's clock in Hz. */
	public static final long FREQUENCY = 3_579_545;
	private static final int TIMER_BITS = 24;
	/** TMR_STS is set when the timer's highest bit changes. */
	private static final int HALF = TIMER_BITS - 1;

	/** PM1 status and enable bits. */
	private static final int TIMER = 1, BUTTON = 1 << 8, CLOCK = 1 << 10, WAKE = 1 << 15,
			ENABLE_BITS = CLOCK | 1 << 9 | BUTTON | 1 << 5 | TIMER;
	/** GLBCTL and the APM ports. */
	private static final int GLOBAL_CONTROL = 0x28, SMI_ENABLE = 1, APM_PORTS = 0xb2, APM_ENABLE_BIT = 25;
	private static final PciAddress ADDRESS = new PciAddress(IsaBridge.DEVICE, 3);
	private static final int SCI_ENABLED = 1, SLEEP_ENABLE = 1 << 13, CONTROL_BITS = 7 << 10 | 2;

	private final Machine machine;
	private final VirtualTime time;
	private final InterruptLine interrupt;
	private final Alarm alarm;
	private final PciFunction function;
	private final ConfigRegister activity;
	private final BaseAddress base;
	private int enabled;
	/** The status bits but for the timer's. */
	private int status;
	private int control;
	private int globalControl;
	private final int[] apm = new int[2];
	/** How many half periods of the timer had passed when TMR_STS was last cleared. */
	private long seenHalves;

	private final List<Register> registers = List.of(
			new Register(EVENT_BLOCK, 2, () -> status | timerStatus(), this::clearStatus),
			new Register(EVENT_BLOCK + 2, 2, () -> enabled, this::enable),
			new Register(CONTROL_BLOCK, 2, () -> control | SCI_ENABLED, this::control),
			new Register(TIMER_BLOCK, 4, () -> (int) clock() & (1 << TIMER_BITS) - 1, value -> {
			}), new Register(GLOBAL_CONTROL, 4, () -> globalControl, value -> globalControl = value));

	public PowerManagement(Machine machine) {
		this.machine = machine;
		time = machine.time();
		interrupt = machine.interruptLine(SCI);
		alarm = time.alarm(this::update);
		machine.ports().attach(name(), APM_PORTS, 2, 1, new AdvancedPowerManagement());
		function = machine.pci().add(ADDRESS, PciIdentity.of(0x8086, 0x7113, 0x068000, 3));
		ConfigSpace config = function.config();
		base = function.ownPorts(config.register("PMBA", 0x40, 4, PORTS | 1, 0xffc0), PORT_COUNT,
				config.register("PMREGMISC", 0x80, 1, 1, 1), this);
		// Firmware that finds SMIs from the APM port enabled takes its handler for installed. SeaBIOS knows the state save
		// map of AMD's processors, and not that of Intel's 64-bit ones.
		long installed = machine.description().vendor() == CpuVendor.INTEL ? 1L << APM_ENABLE_BIT : 0;
		activity = config.register("DEVACTB", 0x58, 4, installed, 0x03ffffffL);
		machine.device(RealTimeClock.class).onAlarm(() -> happened(CLOCK));
		machine.input().connect(POWER_BUTTON, new PowerButton());
		config.register("SMBBA", 0x90, 4, 1, 0xfff0);
		config.register("SMBHSTCFG", 0xd2, 1, 0, 0x0f);
		reset();
	}

	private final class PowerButton implements InputGate.Receiver {
		@Override
		public int room() {
			return 1;
		}

		@Override
		public void receive(byte[] bytes) {
			happened(BUTTON);
		}
	}

	private void happened(int event) {
		status |= event;
		update();
	}

	/** Whether something has happened that is enabled to wake the machine from sleep. */
	public boolean wakes() {
		return (status & enabled & (BUTTON | CLOCK)) != 0;
	}

	/** The first port of the blocks, which firmware may move. */
	public int ports() {
		return (int) base.address();
	}

	private final class AdvancedPowerManagement implements PortDevice {
		@Override
		public long read(int offset, int size) {
			return apm[offset];
		}

		@Override
		public void write(int offset, int size, long value) {
			apm[offset] = (int) value;
			if (offset == 0 && (globalControl & SMI_ENABLE) != 0 && (activity.get() >> APM_ENABLE_BIT & 1) != 0) {
				machine.apicBus().raiseSmi("APM port");
			}
		}
	}

	// The blocks

	@Override
	public long read(int offset, int size) {
		long value = 0;
		for (Register register : registers) {
			value |= register.shifted(offset, size);
		}
		return value;
	}

	@Override
	public void write(int offset, int size, long value) {
		for (Register register : registers) {
			if (register.offset < offset + size && offset < register.offset + register.width) {
				int shift = 8 * (offset - register.offset);
				long mask = (1L << 8 * size) - 1;
				long bits = shift >= 0 ? mask << shift : mask >>> -shift;
				long written = shift >= 0 ? value << shift : value >>> -shift;
				long kept = register.offset == EVENT_BLOCK ? 0 : register.get.getAsInt() & 0xffffffffL & ~bits;
				register.set.accept((int) (kept | written & bits));
			}
		}
	}

	/** A register that is read in any part and written as a whole or, for that, in parts. */
	private record Register(int offset, int width, IntSupplier get, IntConsumer set) {
		/** Its bytes that an access covers, where the access has them. */
		long shifted(int at, int size) {
			if (offset >= at + size || at >= offset + width) {
				return 0;
			}
			long value = get.getAsInt() & 0xffffffffL;
			return at >= offset ? value >>> 8 * (at - offset) : value << 8 * (offset - at);
		}
	}

	@Override
	public String name() {
		return "acpi";
	}

	@Override
	public void reset() {
		status = 0;
		enabled = 0;
		resetBlocks();
	}

	/** The events have power during sleep; that they woke the machine shows. */
	@Override
	public void wake() {
		status |= WAKE;
		resetBlocks();
	}

	private void resetBlocks() {
		function.reset();
		function.interruptLine().set(SCI);
		control = 0;
		globalControl = 0;
		java.util.Arrays.fill(apm, 0);
		seenHalves = halves();
		update();
	}

	@Override
	public DeviceState state() {
		return new DeviceState().part("pci", function.state()).numbers("apm", apm)
				.number("globalControl", () -> globalControl, v -> globalControl = (int) v)
				.number("status", () -> status, v -> status = (int) v)
				.number("enabled", () -> enabled, v -> enabled = (int) v)
				.number("control", () -> control, v -> control = (int) v)
				.number("seenHalves", () -> seenHalves, v -> seenHalves = v).alarm("alarm", alarm);
	}

	private long clock() {
		return clockAt(time.now());
	}

	/** Clocks since the start of virtual time. */
	static long clockAt(long nanoseconds) {
		return nanoseconds / VirtualTime.SECOND * FREQUENCY
				+ nanoseconds % VirtualTime.SECOND * FREQUENCY / VirtualTime.SECOND;
	}

	private static long timeOf(long clock) {
		long rest = clock % FREQUENCY * VirtualTime.SECOND;
		return clock / FREQUENCY * VirtualTime.SECOND + (rest + FREQUENCY - 1) / FREQUENCY;
	}

	private long halves() {
		return clock() >> HALF;
	}

	private int timerStatus() {
		return halves() != seenHalves ? TIMER : 0;
	}

	/** Status bits are cleared by ones. */
	private void clearStatus(int ones) {
		if ((ones & TIMER) != 0) {
			seenHalves = halves();
		}
		status &= ~ones;
		update();
	}

	private void enable(int events) {
		enabled = events & ENABLE_BITS;
		update();
	}

	/** ACPI specification, "PM1 Control Registers": SLP_EN reads as zero. */
	private void control(int value) {
		control = value & CONTROL_BITS;
		if ((value & SLEEP_ENABLE) != 0) {
			switch (value >> 10 & 7) {
				case SOFT_OFF -> machine.requestExit(new ExitRequest(ExitRequest.Kind.SHUTDOWN, 0));
				case SUSPEND_TO_RAM -> machine.requestExit(new ExitRequest(ExitRequest.Kind.SLEEP, 0));
				default -> {
					// There are no other sleep states.
				}
			}
		}
	}

	private void update() {
		boolean wanted = (enabled & TIMER) != 0;
		interrupt.set(wanted && timerStatus() != 0 || (status & enabled) != 0);
		alarm.set(wanted && timerStatus() == 0 ? timeOf(halves() + 1 << HALF) : VirtualTime.NEVER);
	}
}
