/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.util.List;

import org.hyperstep.machine.device.InterruptControllers;
import org.hyperstep.machine.device.SerialPort;

/** The devices of a PC, one line each. The interrupt controllers come first: the others are wired to them. */
@SuppressWarnings("nls")
final class PcDevices {
	static final List<DeviceRow> ROWS = List.of( //
			new DeviceRow("pic", InterruptControllers::new), //
			new DeviceRow("com1", SerialPort::com1));

	private PcDevices() {
	}
}
