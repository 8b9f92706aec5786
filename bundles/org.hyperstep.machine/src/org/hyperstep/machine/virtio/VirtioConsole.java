/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.DeviceRow;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.input.SerialSink;

/** A console (Virtual I/O Device specification, "Console Device") with one port: Linux's {@code hvc0}. */
@SuppressWarnings("nls")
public final class VirtioConsole extends VirtioFunction implements InputGate.Receiver {
	/** The device's name, and that of its channel in the input gate. */
	public static final String NAME = "virtio-console";
	private static final int TYPE = 3, CLASS = 0x078000, RECEIVE = 0, TRANSMIT = 1, QUEUES = 2;
	/** Bytes taken of one chain; a driver sends pages at most. */
	private static final int LONGEST = 1 << 20;

	private SerialSink sink = value -> {
	};

	private VirtioConsole(Machine machine) {
		super(machine, NAME, TYPE, CLASS, QUEUES, 0);
		machine.input().connect(NAME, this);
		reset();
	}

	/** The line of a machine's description. */
	public static DeviceRow row() {
		return new DeviceRow(NAME, VirtioConsole::new);
	}

	/** Says who takes what the guest sends. */
	public void setSink(SerialSink taker) {
		sink = taker;
	}

	@Override
	int configuration(int offset) {
		return 0;
	}

	@Override
	void resetDevice() {
		// Nothing is kept here.
	}

	@Override
	long serve(int index) throws VirtQueue.Broken {
		return index == TRANSMIT ? takeAll(TRANSMIT, this::transmit) : 0;
	}

	private long transmit(Chain chain) {
		byte[] bytes = new byte[(int) Math.min(LONGEST, chain.readableLength())];
		chain.read(0, bytes, 0, bytes.length);
		for (byte value : bytes) {
			sink.write(value & 0xff);
		}
		return bytes.length;
	}

	// Input

	/** As much as the next buffer of the driver's takes. */
	@Override
	public int room() {
		if (!isLive()) {
			return 0;
		}
		try {
			VirtQueue queue = queue(RECEIVE);
			@Nullable
			Chain chain = queue.take();
			if (chain == null) {
				return 0;
			}
			queue.untake();
			return (int) Math.min(LONGEST, chain.writableLength());
		} catch (VirtQueue.Broken e) {
			return 0;
		}
	}

	@Override
	public void receive(byte[] bytes) {
		try {
			VirtQueue queue = queue(RECEIVE);
			@Nullable
			Chain chain = queue.take();
			if (chain != null) {
				chain.write(0, bytes, 0, bytes.length);
				queue.giveBack(chain, bytes.length);
				interruptFor(RECEIVE);
			}
		} catch (VirtQueue.Broken e) {
			throw new IllegalStateException("bytes were let in without room for them");
		}
	}
}
