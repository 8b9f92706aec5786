/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import java.util.ArrayDeque;
import java.util.Deque;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.DeviceRow;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.network.Network;

/** A network card (Virtual I/O Device specification, "Network Device") without offloads. */
@SuppressWarnings("nls")
public final class VirtioNetwork extends VirtioFunction {
	private static final int TYPE = 1, CLASS = 0x020000, RECEIVE = 0, TRANSMIT = 1, QUEUES = 2;
	private static final long MAC = 1 << 5, STATUS = 1 << 16;
	/** The header before each frame: flags, offloads, and the number of buffers, which is 1. */
	private static final int HEADER = 12, BUFFERS = 10;
	private static final int MOST_WAITING = 256, LINK_UP = 1;

	private final Network network;
	private final byte[] configuration;
	/** Frames for which the driver has given no buffer yet. */
	private final Deque<byte[]> waiting = new ArrayDeque<>();

	private VirtioNetwork(Machine machine, String name, Network network, int number) {
		super(machine, name, TYPE, CLASS, QUEUES, MAC | STATUS);
		this.network = network;
		configuration = new byte[] { 0x52, 0x54, 0, 0x12, 0x34, (byte) (0x56 + number), LINK_UP, 0 };
		network.plugIn(machine, this::receive);
		machine.closeWithMachine(network);
		reset();
	}

	/**
	 * The line of a machine's description.
	 *
	 * @param number counts the cards, from 0
	 */
	public static DeviceRow row(Network network, int number) {
		String name = "virtio-net" + number;
		return new DeviceRow(name, machine -> new VirtioNetwork(machine, name, network, number));
	}

	@Override
	int configuration(int offset) {
		return offset < configuration.length ? configuration[offset] : 0;
	}

	@Override
	void resetDevice() {
		waiting.clear();
	}

	@Override
	long serve(int index) throws VirtQueue.Broken {
		return index == TRANSMIT ? takeAll(TRANSMIT, this::transmit) : deliver();
	}

	private long transmit(Chain chain) {
		long length = chain.readableLength() - HEADER;
		if (length < Network.HEADER || length > Network.LONGEST_FRAME) {
			return 0;
		}
		byte[] frame = new byte[(int) length];
		chain.read(HEADER, frame, 0, frame.length);
		network.transmit(frame);
		return length;
	}

	/** A frame for the guest; where none of its buffers is free it waits, and more than some are dropped. */
	private void receive(byte[] frame) {
		if (isLive() && waiting.size() < MOST_WAITING) {
			waiting.add(frame);
			notifyQueue(RECEIVE);
		}
	}

	private long deliver() throws VirtQueue.Broken {
		VirtQueue queue = queue(RECEIVE);
		long moved = 0;
		while (!waiting.isEmpty()) {
			@Nullable
			Chain chain = queue.take();
			if (chain == null) {
				break;
			}
			byte[] frame = waiting.remove();
			byte[] whole = new byte[HEADER + frame.length];
			whole[BUFFERS] = 1;
			System.arraycopy(frame, 0, whole, HEADER, frame.length);
			boolean fits = chain.writableLength() >= whole.length;
			if (fits) {
				chain.write(0, whole, 0, whole.length);
			}
			queue.giveBack(chain, fits ? whole.length : 0);
			moved += whole.length;
		}
		if (moved > 0) {
			interruptFor(RECEIVE);
		}
		return moved;
	}
}
