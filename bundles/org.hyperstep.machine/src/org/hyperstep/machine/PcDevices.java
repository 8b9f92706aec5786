/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.util.List;

import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.device.DebugPorts;
import org.hyperstep.machine.device.EventTimers;
import org.hyperstep.machine.device.FloatErrorLatch;
import org.hyperstep.machine.device.InterruptControllers;
import org.hyperstep.machine.device.InterruptWires;
import org.hyperstep.machine.device.IntervalTimer;
import org.hyperstep.machine.device.KeyboardController;
import org.hyperstep.machine.device.PowerManagement;
import org.hyperstep.machine.device.RealTimeClock;
import org.hyperstep.machine.device.SerialPort;
import org.hyperstep.machine.device.SystemControlPort;
import org.hyperstep.machine.device.TestDevice;
import org.hyperstep.machine.firmware.FirmwareConfiguration;
import org.hyperstep.machine.pci.HostBridge;
import org.hyperstep.machine.pci.IsaBridge;
import org.hyperstep.machine.pci.PciBus;
import org.hyperstep.machine.video.DisplayAdapter;

/** The devices of a PC, one line each. The interrupt controllers come first: the others are wired to them. */
@SuppressWarnings("nls")
final class PcDevices {
	static final List<DeviceRow> ROWS = List.of( //
			new DeviceRow("pic", InterruptControllers::new), //
			new DeviceRow("ioapic", PcDevices::ioApic), //
			new DeviceRow("interrupt wires", InterruptWires::new), //
			new DeviceRow("pci", PciBus::new), //
			new DeviceRow("host bridge", HostBridge::new), //
			new DeviceRow("isa bridge", IsaBridge::new), //
			new DeviceRow("pit", IntervalTimer::new), //
			new DeviceRow("hpet", EventTimers::new), //
			new DeviceRow("rtc", RealTimeClock::new), //
			new DeviceRow(SerialPort.COM1, SerialPort::com1), //
			new DeviceRow(SerialPort.COM2, SerialPort::com2), //
			new DeviceRow("i8042", KeyboardController::new), //
			new DeviceRow("port92", SystemControlPort::new), //
			new DeviceRow("x87-error", FloatErrorLatch::new), //
			new DeviceRow("acpi", PowerManagement::new), //
			new DeviceRow("vga", DisplayAdapter::new), //
			new DeviceRow("fw_cfg", FirmwareConfiguration::new), //
			new DeviceRow("debug", DebugPorts::new), //
			new DeviceRow("testdev", TestDevice::new));

	private PcDevices() {
	}

	private static IoApic ioApic(Machine machine) {
		IoApic ioApic = new IoApic(machine.apicBus());
		machine.physicalMemory().addDevice(IoApic.BASE, MemoryMap.PAGE, ioApic);
		return ioApic;
	}
}
