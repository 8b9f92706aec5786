/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.InterruptLine;

/** Carries interrupt messages between local APICs, and the wires that go to all of them. */
public final class ApicBus {
	private final List<LocalApic> apics = new ArrayList<>();
	private IntConsumer attention = cpu -> {
	};
	private IntConsumer endOfLevelInterrupt = vector -> {
	};

	/**
	 * A message.
	 *
	 * @param logical         whether {@code destination} is matched with logical IDs
	 * @param destination     physical ID or logical set; 0xff (xAPIC) or 0xffffffff (x2APIC) is everybody
	 * @param levelTriggered  sets the target's TMR bit
	 * @param source          what sends it, in words
	 */
	public record Message(DeliveryMode mode, int vector, boolean logical, int destination, boolean levelTriggered,
			String source) {
	}

	void add(LocalApic apic) {
		apics.add(apic);
	}

	/** Says whom to tell, by number of the processor, that something new may wait for a processor. */
	public void onAttention(IntConsumer attention) {
		this.attention = attention;
	}

	/** Says whom to tell of the end of a level-triggered interrupt: the place of the I/O APIC. */
	public void onEndOfLevelInterrupt(IntConsumer listener) {
		this.endOfLevelInterrupt = listener;
	}

	void callAttention(int cpu) {
		attention.accept(cpu);
	}

	void endOfLevelInterrupt(int vector) {
		endOfLevelInterrupt.accept(vector);
	}

	/**
	 * Delivers to all processors that the destination names, or to the one of them with the lowest priority.
	 *
	 * @return whether one of them accepted it
	 */
	public boolean send(Message message) {
		boolean accepted = false;
		LocalApic lowest = null;
		for (LocalApic apic : apics) {
			if (!apic.isDestination(message.logical(), message.destination())) {
				continue;
			}
			if (message.mode() != DeliveryMode.LOWEST_PRIORITY) {
				accepted |= apic.accept(message.mode(), message.vector(), message.levelTriggered(), message.source());
			} else if (apic.isSoftwareEnabled()
					&& (lowest == null || apic.processorPriority() < lowest.processorPriority())) {
				lowest = apic;
			}
		}
		return accepted | deliverFixed(lowest, message);
	}

	/**
	 * A device's write to the addresses of local APICs (Intel SDM, "Message Signalled Interrupts"); at other addresses
	 * nothing happens.
	 */
	public void sendMessageSignalled(long address, int data) {
		if (address >>> 20 == 0xfee) {
			send(new Message(DeliveryMode.of(data), data & 0xff, (address & 4) != 0, (int) (address >> 12) & 0xff,
					(data & 0x8000) != 0, "message signalled interrupt")); //$NON-NLS-1$
		}
	}

	/** Delivers to everybody, or to everybody but the sender. */
	void broadcast(LocalApic sender, boolean includingSender, DeliveryMode mode, int vector, String source) {
		for (LocalApic apic : apics) {
			if (includingSender || apic != sender) {
				apic.accept(mode, vector, false, source);
			}
		}
	}

	/** Raises the SMI pin of the boot processor, the only one that is wired: the others take SMIs as messages. */
	public void raiseSmi(String source) {
		apics.get(0).accept(DeliveryMode.SMI, 0, false, source);
	}

	/** The INTR output of the 8259 pair, wired to the LINT0 pin of every local APIC. */
	public InterruptLine lint0() {
		return asserted -> apics.forEach(apic -> apic.setLint0(asserted));
	}

	/** The NMI wire, to the LINT1 pin of every local APIC. */
	public InterruptLine lint1() {
		return asserted -> apics.forEach(apic -> apic.setLint1(asserted));
	}

	private static boolean deliverFixed(@Nullable LocalApic apic, Message message) {
		return apic != null
				&& apic.accept(DeliveryMode.FIXED, message.vector(), message.levelTriggered(), message.source());
	}
}
