/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.util.SortedMap;

/**
 * The state of all devices at one moment.
 *
 * @param time    virtual time in nanoseconds
 * @param devices numbers of each device by its name, as its state lists them
 */
public record DeviceSnapshot(long time, SortedMap<String, long[]> devices) {
}
