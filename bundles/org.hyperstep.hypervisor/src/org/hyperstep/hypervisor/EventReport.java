/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.virtualization.DeliveryObserver;

/** Tells the event sink what happens to one virtual CPU, and remembers what was delivered last. */
final class EventReport implements DeliveryObserver {
	private final GuestCpu cpu;
	private @Nullable EventSink sink;
	private int delivered = -1;
	private int heldVector = -1;
	private CpuMode mode = CpuMode.REAL;
	/** Vectors that were requested when they were last looked at. */
	private final int[] known = new int[LocalApic.VECTOR_WORDS];
	/** Words of {@link #known} that may not be zero, a bit each. */
	private int knownWords;
	private boolean knownNmi;
	private final long[] raisedAt = new long[LocalApic.VECTOR_WORDS * Integer.SIZE];
	private long nmiRaisedAt;
	/** Instructions retired since what is raised now was caused: an exit may come behind the instruction. */
	private int behind;

	EventReport(GuestCpu cpu) {
		this.cpu = cpu;
	}

	void setSink(@Nullable EventSink listener) {
		sink = listener;
		mode = cpu.mode();
		heldVector = -1;
	}

	/** Whether somebody listens. */
	boolean listening() {
		return sink != null;
	}

	/** The vector delivered last, once; -1 for none since the last call. */
	int takeDelivered() {
		int vector = delivered;
		delivered = -1;
		return vector;
	}

	void tell(EventKind kind, long number, long information) {
		EventSink listener = sink;
		if (listener != null) {
			listener.event(kind, cpu.number(), cpu.nestingLevel(), number, cpu.linearRip(), cpu.retired(), information);
		}
	}

	/**
	 * An instruction accesses a port.
	 *
	 * @param size  1, 2 or 4
	 * @param value what is read or written, in its low bytes
	 */
	void port(EventKind kind, int port, int size, int value) {
		EventSink listener = sink;
		if (listener != null) {
			long bytes = value & 0xffff_ffffL >>> 32 - 8 * size;
			listener.event(kind, cpu.number(), cpu.nestingLevel(), port, cpu.linearRip(), cpu.retired(),
					(long) size << 32 | bytes);
		}
	}

	@Override
	public void delivered(int vector, int type, int errorCode) {
		delivered = vector;
		if (type == EventType.EXTERNAL_INTERRUPT && cpu.guestMode.interruptDelivery().byHardware()) {
			acknowledged(vector);
		}
		if (sink == null) {
			return;
		}
		switch (type) {
			case EventType.EXTERNAL_INTERRUPT -> tell(EventKind.INTERRUPT_DELIVERED, vector, 0);
			case EventType.NMI -> tell(EventKind.NMI_DELIVERED, vector, 0);
			case EventType.HARDWARE_EXCEPTION, EventType.SOFTWARE_EXCEPTION, EventType.PRIVILEGED_SOFTWARE_EXCEPTION ->
				tell(EventKind.EXCEPTION, vector, vector == Vector.PF ? cpu.state.cr2 : Math.max(errorCode, 0));
			default -> {
				// INT n is an instruction like any other
			}
		}
	}

	@Override
	public void nmiTaken() {
		cpu.injector.nmiTaken();
	}

	@Override
	public void requested(int vector) {
		cpu.apic.hardwareWasAtWork();
		raised();
	}

	/** Has {@code cause} done, which is what the last instruction retired asked for. */
	void behindInstruction(Runnable cause) {
		behind = 1;
		cause.run();
		behind = 0;
	}

	/** The mask keeps an interrupt from being injected that otherwise would be now; told once for each. */
	void held(int vector) {
		if (vector != heldVector) {
			heldVector = vector;
			tell(EventKind.INTERRUPT_HELD, vector, 0);
		}
	}

	/** Nothing is held any more. */
	void released() {
		heldVector = -1;
	}

	void nmiHeld() {
		if (heldVector != Vector.NMI) {
			heldVector = Vector.NMI;
			tell(EventKind.NMI_HELD, Vector.NMI, 0);
		}
	}

	/** The local APIC has called: finds out what is new. */
	void raised() {
		int words = cpu.apic.requestedWords();
		for (int left = words | knownWords; left != 0; left &= left - 1) {
			int word = Integer.numberOfTrailingZeros(left);
			int now = cpu.apic.requested(word);
			for (int risen = now & ~known[word]; risen != 0; risen &= risen - 1) {
				int vector = Integer.SIZE * word + Integer.numberOfTrailingZeros(risen);
				raisedAt[vector] = cpu.retired() - behind;
				tell(EventKind.INTERRUPT_RAISED, vector, 0);
			}
			known[word] = now;
		}
		knownWords = words;
		boolean nmi = cpu.apic.nmiPending();
		if (nmi && !knownNmi) {
			nmiRaisedAt = cpu.retired();
			tell(EventKind.NMI_RAISED, Vector.NMI, 0);
		}
		knownNmi = nmi;
	}

	/** Instructions the CPU had retired when the pending interrupt of this vector was raised. */
	long raisedAt(int vector) {
		return raisedAt[vector];
	}

	/** Instructions the CPU had retired when the pending NMI was raised. */
	long nmiRaisedAt() {
		return nmiRaisedAt;
	}

	/** An interrupt was acknowledged, and can be raised anew. */
	void acknowledged(int vector) {
		known[vector / Integer.SIZE] &= ~(1 << vector);
	}

	void nmiAcknowledged() {
		knownNmi = false;
	}

	/** The local APIC was reset: nothing is raised any more. */
	void forget() {
		java.util.Arrays.fill(known, 0);
		knownNmi = false;
		heldVector = -1;
		delivered = -1;
	}

	/** Looks whether the mode is another one. */
	void lookAtMode() {
		if (sink == null) {
			return;
		}
		CpuMode present = cpu.mode();
		if (present != mode) {
			tell(EventKind.MODE_SWITCH, present.ordinal(), mode.ordinal());
			mode = present;
		}
	}
}
