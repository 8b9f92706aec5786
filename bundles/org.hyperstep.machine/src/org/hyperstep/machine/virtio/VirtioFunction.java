/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import java.util.function.ToLongFunction;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.pci.ConfigSpace;
import org.hyperstep.machine.pci.MessageVectors;
import org.hyperstep.machine.pci.PciFunction;
import org.hyperstep.machine.pci.PciIdentity;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * A virtio device as a PCI function (Virtual I/O Device specification, "Virtio Over PCI Bus"), without the legacy
 * interface: negotiation, queues, interrupts. A driver that breaks a queue's rules finds the device in need of a reset.
 */
@SuppressWarnings("nls")
abstract class VirtioFunction implements Device {
	/** Feature bits that every device here offers: indirect descriptors, and version 1 of the specification. */
	private static final long INDIRECT = 1L << 28, VERSION_1 = 1L << 32;
	private static final int VENDOR = 0x1af4, DEVICES = 0x1040, REVISION = 1;
	/** Places in the memory that the base address maps. */
	private static final int COMMON = 0, ISR = 0x1000, DEVICE = 0x2000, NOTIFY = 0x3000, SIZE = 0x4000;
	private static final int COMMON_SIZE = 0x38, NOTIFY_MULTIPLIER = 4, CAPABILITY = 16, VENDOR_SPECIFIC = 9;
	private static final int ACKNOWLEDGE_STATUS = 0, FEATURES_OK = 8, DRIVER_OK = 4, NEEDS_RESET = 0x40;
	private static final int ISR_QUEUE = 1, ISR_CONFIGURATION = 2, NO_VECTOR = 0xffff;
	/** Bytes that a device moves before the guest may go on, and the pause then, in nanoseconds. */
	private static final long BUDGET = 16 << 20, PAUSE = 1000;

	/** The common configuration structure: offset and size of each field. */
	private enum Field {
		DEVICE_FEATURE_SELECT(0, 4), DEVICE_FEATURE(4, 4), DRIVER_FEATURE_SELECT(8, 4), DRIVER_FEATURE(0xc, 4),
		CONFIG_VECTOR(0x10, 2), QUEUES(0x12, 2), STATUS(0x14, 1), GENERATION(0x15, 1), QUEUE_SELECT(0x16, 2),
		QUEUE_SIZE(0x18, 2), QUEUE_VECTOR(0x1a, 2), QUEUE_ENABLE(0x1c, 2), QUEUE_NOTIFY_OFFSET(0x1e, 2),
		QUEUE_DESCRIPTORS(0x20, 8), QUEUE_DRIVER(0x28, 8), QUEUE_DEVICE(0x30, 8);

		private final int offset;
		private final int size;

		Field(int offset, int size) {
			this.offset = offset;
			this.size = size;
		}

		static @Nullable Field at(long offset, int size) {
			for (Field field : values()) {
				if (offset >= field.offset && offset + size <= field.offset + field.size) {
					return field;
				}
			}
			return null;
		}
	}

	private final String name;
	private final PciFunction function;
	private final InterruptLine interrupt;
	private final MessageVectors vectors;
	private final Alarm continuation;
	private final Machine machine;
	private final long offered;
	private final VirtQueue[] queues;
	/** One bit a queue that has to be served. */
	private long pending;
	private long accepted;
	private int deviceFeatureSelect;
	private int driverFeatureSelect;
	private int status;
	private int queueSelect;
	private int isr;
	/** The vector of changes of the configuration, and of each queue. */
	private int configurationVector;
	private final int[] queueVectors;

	/**
	 * @param type      the device's type in the specification
	 * @param classCode of PCI
	 */
	VirtioFunction(Machine machine, String name, int type, int classCode, int queueCount, long features) {
		this.machine = machine;
		this.name = name;
		offered = features | INDIRECT | VERSION_1;
		function = machine.pci().add(new PciIdentity(VENDOR, DEVICES + type, classCode, REVISION, VENDOR, 0x1100));
		queues = new VirtQueue[queueCount];
		for (int i = 0; i < queueCount; i++) {
			queues[i] = new VirtQueue(function.directMemory());
		}
		queueVectors = new int[queueCount];
		interrupt = function.interrupt();
		continuation = machine.time().alarm(this::serve);
		function.wideMemory(0, SIZE, false, new Registers());
		vectors = function.messageVectors(2, queueCount + 1);
		capability("Common Configuration", 1, COMMON, COMMON_SIZE, CAPABILITY);
		function.config().readOnly("Notify Off Multiplier",
				capability("Notification", 2, NOTIFY, NOTIFY_MULTIPLIER * queueCount, CAPABILITY + 4) + CAPABILITY, 4,
				NOTIFY_MULTIPLIER);
		capability("ISR Status", 3, ISR, 4, CAPABILITY);
		capability("Device Configuration", 4, DEVICE, 0x100, CAPABILITY);
	}

	private int capability(String what, int type, int offset, int length, int size) {
		int at = function.capability(what, VENDOR_SPECIFIC, size);
		ConfigSpace config = function.config();
		config.readOnly(what + ": Length", at + 2, 1, size);
		config.readOnly(what + ": Type", at + 3, 1, type);
		config.readOnly(what + ": BAR", at + 4, 4, 0);
		config.readOnly(what + ": Offset", at + 8, 4, offset);
		config.readOnly(what + ": Bytes", at + 12, 4, length);
		return at;
	}

	@Override
	public final String name() {
		return name;
	}

	/** What the device has to do for a queue. Returns the bytes that it moved. */
	abstract long serve(int queue) throws VirtQueue.Broken;

	/** A byte of the device's configuration. */
	abstract int configuration(int offset);

	/** The device's own state after a reset. */
	abstract void resetDevice();

	final VirtQueue queue(int index) {
		return queues[index];
	}

	final Machine machine() {
		return machine;
	}

	/** Whether the driver has finished its set-up and nothing is wrong. */
	final boolean isLive() {
		return (status & (DRIVER_OK | NEEDS_RESET)) == DRIVER_OK;
	}

	@Override
	public void reset() {
		function.reset();
		resetVirtio();
	}

	private void resetVirtio() {
		deviceFeatureSelect = 0;
		driverFeatureSelect = 0;
		accepted = 0;
		status = 0;
		queueSelect = 0;
		pending = 0;
		continuation.cancel();
		for (VirtQueue queue : queues) {
			queue.reset();
		}
		configurationVector = NO_VECTOR;
		java.util.Arrays.fill(queueVectors, NO_VECTOR);
		setIsr(0);
		resetDevice();
	}

	@Override
	public DeviceState state() {
		DeviceState state = new DeviceState().part("pci", function.state())
				.number("accepted", () -> accepted, v -> accepted = v)
				.number("deviceFeatureSelect", () -> deviceFeatureSelect, v -> deviceFeatureSelect = (int) v)
				.number("driverFeatureSelect", () -> driverFeatureSelect, v -> driverFeatureSelect = (int) v)
				.number("status", () -> status, v -> status = (int) v)
				.number("queueSelect", () -> queueSelect, v -> queueSelect = (int) v)
				.number("isr", () -> isr, v -> isr = (int) v).number("pending", () -> pending, v -> pending = v)
				.number("configurationVector", () -> configurationVector, v -> configurationVector = (int) v)
				.numbers("queueVectors", queueVectors).alarm("continuation", continuation);
		for (int i = 0; i < queues.length; i++) {
			state.part("queue" + i, queues[i].state());
		}
		return state;
	}

	// Interrupts and notifications

	private void setIsr(int bits) {
		isr = bits;
		interrupt.set(bits != 0);
	}

	/**
	 * Does something with each chain that the driver has made available, and gives it back with nothing written to it; the
	 * driver is told once, at the end.
	 *
	 * @param chain takes what the chain holds, and gives the bytes that were moved
	 * @return bytes that were moved
	 */
	final long takeAll(int index, ToLongFunction<Chain> chain) throws VirtQueue.Broken {
		VirtQueue queue = queues[index];
		long moved = 0;
		for (int left = queue.available(); left > 0; left--) {
			@Nullable
			Chain taken = queue.take();
			if (taken == null) {
				break;
			}
			moved += chain.applyAsLong(taken);
			queue.giveBack(taken, 0);
		}
		interruptFor(index);
		return moved;
	}

	/** Tells the driver that chains of a queue went back. */
	final void interruptFor(int queue) {
		if (queues[queue].wantsInterrupt()) {
			interrupt(ISR_QUEUE, queueVectors[queue]);
		}
	}

	/** By a message if the driver uses them, else by the wire and the status that it reads. */
	private void interrupt(int reason, int vector) {
		if (vectors.areEnabled()) {
			vectors.raise(vector);
		} else {
			setIsr(isr | reason);
		}
	}

	/** Has a queue served, now or when the guest has had time to go on. */
	final void notifyQueue(int queue) {
		if (queue < queues.length && isLive()) {
			pending |= 1L << queue;
			serve();
		}
	}

	private void serve() {
		long moved = 0;
		while (pending != 0 && isLive()) {
			if (moved > BUDGET) {
				continuation.set(machine.time().now() + PAUSE);
				return;
			}
			int queue = Long.numberOfTrailingZeros(pending);
			pending &= ~(1L << queue);
			try {
				moved += serve(queue);
			} catch (VirtQueue.Broken e) {
				status |= NEEDS_RESET;
				interrupt(ISR_CONFIGURATION, configurationVector);
			}
		}
	}

	/** Says that a queue was not served to its end because the budget was used up. */
	final void serveAgain(int queue) {
		pending |= 1L << queue;
	}

	// Registers

	private final class Registers implements MmioDevice {
		@Override
		public long read(long offset, int size) {
			if (offset < ISR) {
				return readCommon(offset, size);
			}
			long value = 0;
			if (offset < DEVICE) {
				value = offset == ISR ? isr : 0;
				if (offset == ISR) {
					setIsr(0);
				}
			} else if (offset < NOTIFY) {
				for (int i = 0; i < size; i++) {
					value |= (configuration((int) offset - DEVICE + i) & 0xffL) << 8 * i;
				}
			}
			return value;
		}

		@Override
		public void write(long offset, int size, long value) {
			if (offset < ISR) {
				writeCommon(offset, size, value);
			} else if (offset >= NOTIFY && (offset - NOTIFY) % NOTIFY_MULTIPLIER == 0) {
				notifyQueue((int) (offset - NOTIFY) / NOTIFY_MULTIPLIER);
			}
		}
	}

	private long readCommon(long offset, int size) {
		Field field = Field.at(offset, size);
		if (field == null) {
			return size == 1 ? 0 : readCommon(offset, size / 2) | readCommon(offset + size / 2, size / 2) << 4 * size;
		}
		long mask = size == 8 ? -1L : (1L << 8 * size) - 1;
		return get(field) >>> 8 * (offset - field.offset) & mask;
	}

	private void writeCommon(long offset, int size, long value) {
		Field field = Field.at(offset, size);
		if (field == null) {
			if (size > 1) {
				writeCommon(offset, size / 2, value);
				writeCommon(offset + size / 2, size / 2, value >>> 4 * size);
			}
			return;
		}
		int shift = (int) (8 * (offset - field.offset));
		long mask = (size == 8 ? -1L : (1L << 8 * size) - 1) << shift;
		set(field, get(field) & ~mask | value << shift & mask);
	}

	private long get(Field field) {
		VirtQueue queue = queueSelect < queues.length ? queues[queueSelect] : null;
		return switch (field) {
			case DEVICE_FEATURE_SELECT -> deviceFeatureSelect & 0xffffffffL;
			case DEVICE_FEATURE -> half(offered, deviceFeatureSelect);
			case DRIVER_FEATURE_SELECT -> driverFeatureSelect & 0xffffffffL;
			case DRIVER_FEATURE -> half(accepted, driverFeatureSelect);
			case CONFIG_VECTOR -> configurationVector;
			case QUEUE_VECTOR -> queue == null ? NO_VECTOR : queueVectors[queueSelect];
			case QUEUES -> queues.length;
			case STATUS -> status;
			case GENERATION -> 0;
			case QUEUE_SELECT -> queueSelect;
			case QUEUE_SIZE -> queue == null ? 0 : queue.size;
			case QUEUE_ENABLE -> queue != null && queue.enabled ? 1 : 0;
			case QUEUE_NOTIFY_OFFSET -> queue == null ? 0 : queueSelect;
			case QUEUE_DESCRIPTORS -> queue == null ? 0 : queue.descriptors;
			case QUEUE_DRIVER -> queue == null ? 0 : queue.driver;
			case QUEUE_DEVICE -> queue == null ? 0 : queue.device;
		};
	}

	private static long half(long features, int select) {
		return select == 0 ? features & 0xffffffffL : select == 1 ? features >>> 32 : 0;
	}

	private void set(Field field, long value) {
		VirtQueue queue = queueSelect < queues.length ? queues[queueSelect] : null;
		switch (field) {
			case DEVICE_FEATURE_SELECT -> deviceFeatureSelect = (int) value;
			case DRIVER_FEATURE_SELECT -> driverFeatureSelect = (int) value;
			case DRIVER_FEATURE -> acceptFeatures(value & 0xffffffffL);
			case STATUS -> setStatus((int) value);
			case QUEUE_SELECT -> queueSelect = (int) value;
			case CONFIG_VECTOR -> configurationVector = vector(value);
			case QUEUE_VECTOR -> {
				if (queue != null) {
					queueVectors[queueSelect] = vector(value);
				}
			}
			case DEVICE_FEATURE, QUEUES, GENERATION, QUEUE_NOTIFY_OFFSET -> {
				// Read-only.
			}
			default -> {
				if (queue != null && !queue.enabled) {
					setQueue(queue, field, value);
				}
			}
		}
	}

	/** A vector that is not there cannot be set: the driver reads back that there is none. */
	private int vector(long value) {
		return value < vectors.count() ? (int) value : NO_VECTOR;
	}

	private static void setQueue(VirtQueue queue, Field field, long value) {
		switch (field) {
			case QUEUE_SIZE -> {
				if (value > 0 && value <= VirtQueue.LARGEST && Long.bitCount(value) == 1) {
					queue.size = (int) value;
				}
			}
			case QUEUE_ENABLE -> queue.enabled = value == 1;
			case QUEUE_DESCRIPTORS -> queue.descriptors = value;
			case QUEUE_DRIVER -> queue.driver = value;
			case QUEUE_DEVICE -> queue.device = value;
			default -> throw new IllegalStateException(field + " is not a queue's");
		}
	}

	private void acceptFeatures(long bits) {
		if ((status & FEATURES_OK) == 0 && driverFeatureSelect >= 0 && driverFeatureSelect < 2) {
			int shift = 32 * driverFeatureSelect;
			accepted = accepted & ~(0xffffffffL << shift) | bits << shift;
		}
	}

	/** "Device Initialization": features that were not offered, or the lack of version 1, are refused. */
	private void setStatus(int value) {
		if (value == ACKNOWLEDGE_STATUS) {
			resetVirtio();
			return;
		}
		boolean sound = (accepted & ~offered) == 0 && (accepted & VERSION_1) != 0;
		status = value | status & NEEDS_RESET;
		if ((value & FEATURES_OK) != 0 && !sound) {
			status &= ~FEATURES_OK;
		}
		if (isLive()) {
			started();
		}
	}

	/** The driver has finished its set-up. */
	void started() {
		// Most devices wait for the driver.
	}
}
