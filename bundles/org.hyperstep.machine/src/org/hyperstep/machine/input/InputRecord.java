/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.input;

/**
 * What entered the machine at one moment.
 *
 * @param time    nanoseconds of virtual time
 * @param channel name of the receiver, such as {@code COM1}
 * @param bytes   what was received; not to be changed
 */
public record InputRecord(long time, String channel, byte[] bytes) {
}
