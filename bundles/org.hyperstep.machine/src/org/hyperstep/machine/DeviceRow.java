/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.util.function.Function;

import org.hyperstep.machine.bus.Device;

/**
 * One line of a machine's description: a device and how it is made and attached.
 *
 * @param name equals the made device's name
 * @param make makes the device and attaches it to the machine's buses
 */
public record DeviceRow(String name, Function<Machine, Device> make) {
}
