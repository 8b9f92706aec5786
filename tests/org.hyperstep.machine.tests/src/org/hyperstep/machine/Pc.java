/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.io.ByteArrayOutputStream;

/** A small machine for tests, with a clock that the test moves. */
public final class Pc {
	public final Machine machine;
	/** What the guest sent over COM1. */
	public final ByteArrayOutputStream sent = new ByteArrayOutputStream();
	private long now;

	public Pc() {
		this(1);
	}

	public Pc(int cpus) {
		this(MachineDescription.pc(16L << 20, cpus, CpuVendor.INTEL));
	}

	public Pc(MachineDescription description) {
		try {
			machine = new Machine(description);
		} catch (MachineException e) {
			throw new AssertionError(e);
		}
		machine.serial().setSink(sent::write);
	}

	public long now() {
		return now;
	}

	/** Lets nanoseconds pass, ringing alarms as a running processor would. */
	public void pass(long nanoseconds) {
		now += nanoseconds;
		machine.time().advanceTo(now);
	}

	/** Lets time pass up to a moment. */
	public void passTo(long time) {
		pass(time - now);
	}

	public int in(int port) {
		return (int) machine.ports().read(port, 1);
	}

	public void out(int port, int value) {
		machine.ports().write(port, 1, value);
	}

	/** Initialises the 8259 pair as a PC does: vectors 0x20 and 0x28, nothing masked. */
	public void initialisePic() {
		int[][] words = { { 0x20, 0x11 }, { 0x21, 0x20 }, { 0x21, 4 }, { 0x21, 1 }, { 0xa0, 0x11 }, { 0xa1, 0x28 },
				{ 0xa1, 2 }, { 0xa1, 1 } };
		for (int[] word : words) {
			out(word[0], word[1]);
		}
	}
}
