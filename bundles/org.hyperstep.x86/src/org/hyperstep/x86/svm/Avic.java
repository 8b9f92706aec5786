/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.BackingPage.*;
import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.svm.BackingPageRule.Access;

/**
 * The advanced virtual interrupt controller of one guest (AMD APM volume 2, "Advanced Virtual Interrupt Controller"):
 * accesses to the APIC's registers, which translation leads here; task priority, end of interrupt, and the evaluation and
 * delivery of virtual interrupts from the backing page.
 */
final class Avic implements MmioDevice {
	private static final long PAGE = 0x000f_ffff_ffff_f000L;
	private static final long WRITE = 1L << 32;
	private static final long COMMAND_PENDING = 1 << 12;

	private final SvmGuest guest;
	private final Vmcb vmcb;
	private final VirtualIpi interprocessor;
	private boolean enabled;
	/** guestPhysical address of the APIC's registers. */
	private long base;
	/** EXITINFO2 of the trap that is due. */
	private long trapInformation;

	final BackingPage page;

	Avic(SvmGuest guest) {
		this.guest = guest;
		vmcb = guest.vmcb;
		page = new BackingPage(guest);
		interprocessor = new VirtualIpi(guest, page);
	}

	/** Takes over what the VMCB says; at each VMRUN. */
	void refresh() {
		enabled = (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.AVIC_ENABLE) != 0;
		base = vmcb.read(AVIC_APIC_BAR) & PAGE;
		page.setAddress(vmcb.read(AVIC_BACKING_PAGE) & PAGE);
	}

	boolean enabled() {
		return enabled;
	}

	/** guestPhysical address of the registers; -1 where they are not virtualized. */
	long registers() {
		return enabled ? base : -1;
	}

	/** Whether a guestPhysical address lies among the registers. */
	boolean covers(long guestPhysical) {
		return enabled && (guestPhysical & PAGE) == base;
	}

	// ---- accesses of the guest ----

	@Override
	public long read(long offset, int size) {
		int register = (int) offset;
		if (!aligned(register, size) || BackingPageRule.of(register, false) == Access.FAULT) {
			throw guest.notAccelerated(register & 0xff0, false);
		}
		return page.read(register);
	}

	@Override
	public void write(long offset, int size, long value) {
		int register = (int) offset;
		Access access = aligned(register, size) ? BackingPageRule.of(register, true) : Access.FAULT;
		if (access == Access.FAULT) {
			throw guest.notAccelerated(WRITE | register & 0xff0, true);
		}
		if (access == Access.ACCELERATED) {
			accelerate(register, value);
			return;
		}
		page.write(register, value);
		if (access == Access.TRAP) {
			notAccelerated(register, 0);
		}
	}

	/** An instruction fetch among the registers. */
	void fetched(long guestPhysical) {
		throw guest.notAccelerated(guestPhysical & 0xff0, false);
	}

	private static boolean aligned(int offset, int size) {
		return size == 4 && (offset & 15) == 0;
	}

	private void accelerate(int register, long value) {
		switch (register) {
			case TPR -> setTaskPriority(value & 0xff);
			case EOI -> endOfInterrupt(value);
			default -> {
				page.write(ICR_LOW, value & ~COMMAND_PENDING);
				interprocessor.send();
				evaluate();
			}
		}
	}

	private void notAccelerated(int register, int vector) {
		trapDue(SvmExitCode.AVIC_NOACCEL, WRITE | register, vector);
	}

	/** Has an exit follow the instruction. */
	void trapDue(SvmExitCode code, long information1, long information2) {
		trapInformation = information2;
		guest.boundary().trapDue(code.number(), information1);
	}

	long trapInformation() {
		return trapInformation;
	}

	// ---- priorities ----

	/** A write of the TPR, or of CR8. */
	void setTaskPriority(long value) {
		page.write(TPR, value);
		vmcb.write(VIRTUAL_INTERRUPT, vmcb.read(VIRTUAL_INTERRUPT) & ~Vmcb.V_TPR | value >>> 4);
		evaluate();
	}

	/** V_TPR is what counts at VMRUN; below its class the backing page may say more. */
	private long taskPriority() {
		long priority = (vmcb.read(VIRTUAL_INTERRUPT) & 0xf) << 4;
		long detailed = page.read(TPR) & 0xff;
		return (detailed & 0xf0) == priority ? detailed : priority;
	}

	private void updateProcessorPriority() {
		long task = taskPriority();
		long service = Math.max(0, page.highest(ISR)) & 0xf0;
		page.write(PPR, task >>> 4 >= service >>> 4 ? task : service);
	}

	/** An end of interrupt of edge-triggered ones; software passes on those that are level-triggered. */
	private void endOfInterrupt(long value) {
		int vector = page.highest(ISR);
		if (vector >= 0 && page.bit(TMR, vector)) {
			page.write(EOI, value);
			notAccelerated(EOI, vector);
			return;
		}
		if (vector >= 0) {
			page.setBit(ISR, vector, false);
		}
		evaluate();
	}

	// ---- virtual interrupts ----

	/** Finds out whether a virtual interrupt is to be taken as soon as the guest is interruptible, and has it taken then. */
	void evaluate() {
		guest.boundary().armVirtualInterrupt(takes());
	}

	/** Whether the highest request is above the processor priority. */
	boolean takes() {
		updateProcessorPriority();
		int vector = page.highest(IRR);
		return vector >= 0 && vector >>> 4 > page.read(PPR) >>> 4;
	}

	/** The guest is interruptible: the vector that it takes, or -1 where the backing page has none for it. */
	int acknowledge() {
		guest.boundary().armVirtualInterrupt(false);
		if (!takes()) {
			return -1;
		}
		int vector = page.highest(IRR);
		page.setBit(IRR, vector, false);
		page.setBit(ISR, vector, true);
		updateProcessorPriority();
		return vector;
	}

	/** Another processor, or an I/O device, has put an interrupt into the backing page. */
	void doorbell() {
		if (enabled) {
			// The page is looked at when the guest comes to its next boundary: now it may be another processor's turn.
			guest.boundary().armVirtualInterrupt(true);
		}
	}
}
