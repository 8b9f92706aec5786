/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * A local APIC's registers, as the page in xAPIC mode and as MSRs in x2APIC mode; both are decoded by
 * {@link ApicRegister}'s rows.
 */
@SuppressWarnings("nls")
public final class ApicRegisters implements MmioDevice {
	/** First MSR of the x2APIC register space, and how many there are. */
	public static final int X2APIC_MSR = 0x800, X2APIC_MSRS = 0x100;
	/** Version 14h, six LVT entries. */
	private static final int VERSION = 5 << 16 | 0x14;
	private static final int ICR_LOGICAL = 1 << 11, ICR_LEVEL_ASSERT = 1 << 14, ICR_LEVEL_TRIGGERED = 1 << 15;

	/** What {@link #publish} copies: all that can be read, but for what is kept in the page and for what counts. */
	private static final List<ApicRegister> PUBLISHED = List.of(ApicRegister.ID, ApicRegister.VERSION,
			ApicRegister.PROCESSOR_PRIORITY, ApicRegister.LOGICAL_DESTINATION, ApicRegister.DESTINATION_FORMAT,
			ApicRegister.SPURIOUS_VECTOR, ApicRegister.ERROR_STATUS, ApicRegister.COMMAND, ApicRegister.COMMAND_HIGH,
			ApicRegister.LVT_TIMER, ApicRegister.LVT_THERMAL, ApicRegister.LVT_PERFORMANCE, ApicRegister.LVT_LINT0,
			ApicRegister.LVT_LINT1, ApicRegister.LVT_ERROR, ApicRegister.INITIAL_COUNT,
			ApicRegister.DIVIDE_CONFIGURATION);

	private final LocalApic apic;
	private final ApicTimer timer;
	private final ApicBus bus;
	/** Where the IPIs come from. */
	private final String source;
	private int command;
	private int commandDestination;

	ApicRegisters(LocalApic apic, ApicTimer timer, ApicBus bus) {
		this.apic = apic;
		this.timer = timer;
		this.bus = bus;
		source = "IPI from CPU " + apic.cpu();
	}

	void reset() {
		command = 0;
		commandDestination = 0;
	}

	DeviceState state() {
		return new DeviceState().number("icr", () -> command, v -> command = (int) v)
				.number("icrDestination", () -> commandDestination, v -> commandDestination = (int) v);
	}

	// The page

	/**
	 * Reads the page. Registers are 32 bits at multiples of 16; bytes beside them read as zero. In x2APIC mode, and with the
	 * APIC disabled, nobody answers.
	 */
	@Override
	public long read(long offset, int size) {
		if (!apic.isEnabled() || apic.isX2apic()) {
			return -1;
		}
		ApicRegister row = ApicRegister.atSlot((int) offset >> 4);
		if (row == null || !row.isReadable(false)) {
			apic.note(ErrorStatus.ILLEGAL_REGISTER);
			return 0;
		}
		int shift = 8 * (int) (offset & 15);
		return shift >= 32 ? 0 : (get(row, word(row, (int) offset >> 4)) & 0xffffffffL) >>> shift;
	}

	/** Writes the page; what is not 32 bits at a register's place is dropped. */
	@Override
	public void write(long offset, int size, long value) {
		if (!apic.isEnabled() || apic.isX2apic()) {
			return;
		}
		ApicRegister row = ApicRegister.atSlot((int) offset >> 4);
		if (row == null || !row.isWritable(false)) {
			apic.note(ErrorStatus.ILLEGAL_REGISTER);
		} else if ((offset & 15) == 0 && size >= 4) {
			set(row, (int) value & row.writable());
		}
	}

	// The MSRs

	/** Whether RDMSR of 0x800 to 0x8ff succeeds now; if not it raises #GP. */
	public boolean canRead(int msr) {
		ApicRegister row = x2apicRow(msr);
		return row != null && row.isReadable(true);
	}

	/** Reads an MSR for which {@link #canRead} holds. */
	public long readMsr(int msr) {
		ApicRegister row = x2apicRow(msr);
		if (row == null || !row.isReadable(true)) {
			throw new IllegalArgumentException("no x2APIC register at MSR 0x" + Integer.toHexString(msr));
		}
		if (row == ApicRegister.COMMAND) {
			return (long) commandDestination << 32 | command & 0xffffffffL;
		}
		return get(row, word(row, msr - X2APIC_MSR)) & 0xffffffffL;
	}

	/**
	 * Writes an MSR of 0x800 to 0x8ff.
	 *
	 * @return false if the write is to raise #GP: no such register, read-only, or reserved bits set
	 */
	public boolean writeMsr(int msr, long value) {
		ApicRegister row = x2apicRow(msr);
		if (row == null || !row.isWritable(true)) {
			return false;
		}
		if (row == ApicRegister.COMMAND) {
			if ((value & 0xffffffffL & ~row.writable()) != 0) {
				return false;
			}
			commandDestination = (int) (value >>> 32);
			set(row, (int) value);
			return true;
		}
		if ((value & ~(row.writable() & 0xffffffffL)) != 0) {
			return false;
		}
		set(row, (int) value);
		return true;
	}

	private @Nullable ApicRegister x2apicRow(int msr) {
		int slot = msr - X2APIC_MSR;
		return apic.isX2apic() && slot >= 0 && slot < X2APIC_MSRS ? ApicRegister.atSlot(slot) : null;
	}

	// Hardware that virtualizes the APIC

	/** Copies into the APIC's page what is not kept there anyhow, as its present mode shows it. */
	public void publish() {
		boolean x2 = apic.isX2apic();
		RegisterPage page = apic.page();
		for (ApicRegister row : PUBLISHED) {
			page.set(row.offset(), get(row, 0));
		}
		page.set(ApicRegister.COMMAND.offset() + 4, x2 ? commandDestination : 0);
	}

	/** Does what a write of a register means whose value such hardware has put into the page already. */
	public void written(int offset) {
		int value = apic.page().get(offset);
		if (apic.isX2apic()) {
			writeMsr(X2APIC_MSR + (offset >> 4), value & 0xffffffffL);
			return;
		}
		if (offset == ApicRegister.COMMAND.offset()) {
			commandDestination = apic.page().get(ApicRegister.COMMAND_HIGH.offset()) >>> 24;
		}
		write(offset, 4, value & 0xffffffffL);
	}

	/** Whether RDMSR of one of 0x800 to 0x8ff in x2APIC mode gives what is in the page. */
	public static boolean pageHolds(int msr) {
		ApicRegister row = ApicRegister.atSlot(msr - X2APIC_MSR);
		return row != null && row.isReadable(true) && row != ApicRegister.CURRENT_COUNT;
	}

	// What they mean

	private static int word(ApicRegister row, int slot) {
		return slot - row.slot();
	}

	private int get(ApicRegister row, int word) {
		return switch (row) {
			case ID -> apic.address.id(apic.isX2apic());
			case VERSION -> VERSION;
			case TASK_PRIORITY -> apic.taskPriority();
			case ARBITRATION_PRIORITY, PROCESSOR_PRIORITY -> apic.processorPriority();
			case LOGICAL_DESTINATION -> apic.address.logicalDestination(apic.isX2apic());
			case DESTINATION_FORMAT -> apic.address.destinationFormat();
			case SPURIOUS_VECTOR -> apic.spuriousVector;
			case IN_SERVICE -> apic.inService.word(word);
			case TRIGGER_MODE -> apic.levelTriggered.word(word);
			case INTERRUPT_REQUEST -> apic.requested.word(word);
			case ERROR_STATUS -> apic.errorStatus.read();
			case COMMAND -> command;
			case COMMAND_HIGH -> commandDestination << 24;
			case LVT_TIMER, LVT_THERMAL, LVT_PERFORMANCE, LVT_LINT0, LVT_LINT1, LVT_ERROR -> apic.localVector(row);
			case INITIAL_COUNT -> (int) timer.initialCount();
			case CURRENT_COUNT -> (int) timer.currentCount();
			case DIVIDE_CONFIGURATION -> timer.divideConfiguration();
			case REMOTE_READ, EOI, SELF_IPI -> 0;
		};
	}

	private void set(ApicRegister row, int value) {
		switch (row) {
			case ID -> apic.address.setId(value);
			case TASK_PRIORITY -> apic.setTaskPriority(value);
			case EOI -> apic.endOfInterrupt();
			case LOGICAL_DESTINATION -> apic.address.setLogicalDestination(value);
			case DESTINATION_FORMAT -> apic.address.setDestinationFormat(value);
			case SPURIOUS_VECTOR -> apic.setSpuriousVector(value);
			case ERROR_STATUS -> apic.errorStatus.update();
			case COMMAND -> {
				command = value;
				sendCommand();
			}
			case COMMAND_HIGH -> commandDestination = value >>> 24;
			case LVT_TIMER, LVT_THERMAL, LVT_PERFORMANCE, LVT_LINT0, LVT_LINT1, LVT_ERROR ->
				apic.setLocalVector(row, value);
			case INITIAL_COUNT -> timer.setInitialCount(value & 0xffffffffL);
			case DIVIDE_CONFIGURATION -> timer.setDivideConfiguration(value);
			case SELF_IPI -> apic.accept(DeliveryMode.FIXED, value & 0xff, false, source);
			case VERSION, ARBITRATION_PRIORITY, PROCESSOR_PRIORITY, REMOTE_READ, IN_SERVICE, TRIGGER_MODE,
					INTERRUPT_REQUEST,
					CURRENT_COUNT ->
				throw new IllegalStateException(row + " is read-only");
		}
	}

	/** Intel SDM, "Interrupt Command Register (ICR)". The delivery status bit is never seen set: delivery is immediate. */
	private void sendCommand() {
		DeliveryMode mode = DeliveryMode.of(command);
		int vector = command & 0xff;
		if ((mode == DeliveryMode.FIXED || mode == DeliveryMode.LOWEST_PRIORITY) && vector < 16) {
			apic.note(ErrorStatus.SEND_ILLEGAL_VECTOR);
			return;
		}
		boolean initDeassert = mode == DeliveryMode.INIT && (command & ICR_LEVEL_TRIGGERED) != 0
				&& (command & ICR_LEVEL_ASSERT) == 0;
		if (initDeassert) {
			// Only old processors set their arbitration IDs by it; nothing is delivered.
			return;
		}
		switch (command >> 18 & 3) {
			case 0 ->
				bus.send(new ApicBus.Message(mode, vector, (command & ICR_LOGICAL) != 0, commandDestination, false,
						source));
			case 1 -> apic.accept(mode, vector, false, source);
			case 2 -> bus.broadcast(apic, true, mode, vector, source);
			default -> bus.broadcast(apic, false, mode, vector, source);
		}
	}
}
