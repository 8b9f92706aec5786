/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;

/** One virtual CPU of a {@link VirtualMachine}. All methods on the machine's thread; none reenters another. */
public interface Vcpu {

	/** Number of the CPU, from 0. */
	int number();

	/** Runs this CPU alone (the others stand still) for at most so many instructions. */
	VcpuStop run(long maximumInstructions);

	/**
	 * Makes one step of this CPU: an unmasked event that can be delivered is delivered, else one instruction is
	 * executed (one iteration of a repeated string instruction). Stops with {@link VcpuStop.StepDone} unless something
	 * else ended it first. Execution marks are not looked at.
	 */
	VcpuStop step();

	EventMask mask();

	/** Takes effect at the next instruction boundary; events held back so far become deliverable when unmasked. */
	void setMask(EventMask mask);

	StepMechanism stepMechanism();

	/** Chooses how steps are made; refused where the virtualization hardware lacks the mechanism. */
	@Nullable
	Refusal setStepMechanism(StepMechanism mechanism);

	GuestDebug guestDebug();

	void setGuestDebug(GuestDebug settings);

	/** The register as the guest would read it: debugger's TF, shadows and injected state never show. */
	long read(GuestRegister register);

	/** Writes a register as if the guest had loaded it; returns a refusal when VM entry would fail with the value. */
	@Nullable
	Refusal write(GuestRegister register, long value);

	GuestMemory memory();

	/** Linear address of the next instruction: CS base plus RIP, truncated to 32 bits outside 64-bit mode. */
	long linearRip();

	CpuMode mode();

	/** How deep what the CPU executes is nested: 1 is the guest, 2 a guest that the guest runs, and so on. */
	int nestingLevel();

	/** Retired instructions. */
	long retired();

	/** Whether the CPU executes: not halted, shut down or waiting for a start-up IPI. */
	boolean active();

	/** What is raised for this CPU and not yet delivered, in the order of delivery. */
	List<PendingEvent> pendingEvents();

	/**
	 * Injects exactly this event at the next boundary where the guest takes one, even when the event mask holds it back;
	 * an interrupt also out of the turn of its priority. Refused while RFLAGS.IF or an NMI in service holds it off: VM
	 * entry would refuse the injection, so that forcing does not help; a shadow of STI or MOV SS is waited for.
	 */
	@Nullable
	Refusal deliverNow(PendingEvent event, boolean forced);

	/** Raises an external interrupt of this vector (16 to 255) through the local APIC; refused while that is disabled. */
	@Nullable
	Refusal raiseInterrupt(int vector);

	/** Raises a non-maskable interrupt. */
	void raiseNmi();

	/** Raises a system-management interrupt. */
	void raiseSmi();

	/** VM exits so far, by reason, in the table's order; reasons that never happened are left out. */
	List<ExitCount> exitCounts();

	/** The name of a VM exit reason or exit code of this CPU's virtualization, as in its manual. */
	String exitName(long number);

	/** VM exits of one reason. */
	record ExitCount(long number, String name, long count) {
	}
}
