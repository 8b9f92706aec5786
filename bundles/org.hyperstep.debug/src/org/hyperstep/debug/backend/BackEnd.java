/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.backend;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Optional;
import java.util.SortedMap;

import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.TargetException;
import org.hyperstep.x86.decode.CodeSize;

/**
 * Whatever runs the guest: the embedded hypervisor, or a remote one. All calls come from the engine's thread, one at a
 * time, and return soon: a run returns after a slice of about a millisecond.
 */
public interface BackEnd extends AutoCloseable {

	int cpus();

	/** The registers in the order they are shown; {@code rip}, {@code rsp} and {@code rbp} are among them. */
	List<RegisterDescription> registers();

	/** The value of register {@code index} of {@link #registers()}, as the guest would read it. */
	long readRegister(int cpu, int index);

	void writeRegister(int cpu, int index, long value) throws TargetException;

	/** Linear address of the next instruction. */
	long linearRip(int cpu);

	/** How deep what the CPU executes is nested: 1 is the guest, 2 a guest of the guest. */
	int nestingLevel(int cpu);

	/** The size of the code that is executed now. */
	CodeSize codeSize(int cpu);

	/** Translates by the CPU's present paging structures; empty where nothing is mapped. */
	OptionalLong translate(int cpu, long linear);

	/** Reads until the first byte that can't be read; returns the number of bytes read. */
	int readMemory(int cpu, MemorySpace space, long address, byte[] target, int offset, int length);

	/** Writes until the first byte that has no RAM; returns the number of bytes written. */
	int writeMemory(int cpu, MemorySpace space, long address, byte[] source, int offset, int length);

	/** Sets the addresses before whose instruction runs stop; the one a CPU stands on when a run begins is passed. */
	void setMarks(long[] linear, long[] guestPhysical);

	/**
	 * What is held back from a CPU from the next instruction boundary on.
	 *
	 * @param exits hold it back, too, where what it causes is a VM exit to a guest hypervisor
	 */
	void setMask(int cpu, boolean interrupts, boolean nmi, boolean smi, boolean exits);

	/** Chooses how steps are made; fails where the virtualization hardware lacks the mechanism. */
	void setMechanism(StepPolicy.Mechanism mechanism) throws TargetException;

	/**
	 * Runs these CPUs in turn for a slice; the others stand still, and what is raised for them waits. Where some stand
	 * still, a halt of the others that only they can end is {@link BackEndStop.Idle}.
	 */
	BackEndStop run(BitSet cpus);

	/** Runs one CPU for a slice. */
	BackEndStop run(int cpu);

	/** Ends the slice that is under way soon. The only method for any thread. */
	void interrupt();

	/** Waits some milliseconds for something from outside; for a guest whose CPUs are all {@link BackEndStop.Idle}. */
	void awaitInput();

	/** Makes one step of one CPU. */
	BackEndStop step(int cpu);

	List<PendingEvent> pendingEvents(int cpu);

	/** Makes the event the next thing that the CPU takes, masked or not; fails where the processor can't take it. */
	void deliverNow(int cpu, PendingEvent event) throws TargetException;

	/** Raises an event at a CPU; fails where it can't take it. The vector is that of an interrupt. */
	void raise(int cpu, PendingEvent.Kind kind, int vector) throws TargetException;

	/** Instructions that a CPU has retired. */
	long retired(int cpu);

	/** The guest's time in nanoseconds. */
	long virtualNanos();

	/** VM exits of all CPUs by the name of their reason. */
	SortedMap<String, Long> exits();

	/** The lines of text on the guest's screen up to the last that is not blank; empty where it shows pixels, or there is no screen. */
	Optional<List<String>> screen();

	/** Hands bytes to the guest's serial line. */
	void sendSerial(byte[] bytes);

	@Override
	void close();
}
