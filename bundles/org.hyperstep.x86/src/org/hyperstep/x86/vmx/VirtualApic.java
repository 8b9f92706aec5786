/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VirtualApicPage.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.hyperstep.x86.event.BoundaryExits;
import org.hyperstep.x86.virtualization.DeliveryObserver;

/**
 * APIC virtualization of one guest (Intel SDM, "APIC Virtualization and Virtual Interrupts"): TPR, PPR, EOI and self-IPI
 * virtualization, evaluation and delivery of virtual interrupts, posted-interrupt processing. Trap-like exits come at the
 * boundary behind the instruction.
 */
final class VirtualApic {
	private static final VmcsField[] EOI_EXIT = { EOI_EXIT_BITMAP_0, EOI_EXIT_BITMAP_1, EOI_EXIT_BITMAP_2,
			EOI_EXIT_BITMAP_3 };
	/** In the posted-interrupt descriptor: outstanding notification. */
	private static final int NOTIFICATION_WORD = 32;

	final VirtualApicPage page;
	private final Vmcs vmcs;
	private final LowerMemory memory;
	private final BoundaryExits boundary;
	private boolean shadow, delivers;
	private DeliveryObserver observer = DeliveryObserver.NONE;
	/** A virtual interrupt is recognized: it is delivered as soon as the guest is interruptible. */
	private boolean recognized;

	VirtualApic(Vmcs vmcs, LowerMemory memory, BoundaryExits boundary) {
		this.vmcs = vmcs;
		this.memory = memory;
		this.boundary = boundary;
		page = new VirtualApicPage(memory);
	}

	/** Takes over what the VMCS says. */
	void refresh(DeliveryObserver deliveryObserver) {
		observer = deliveryObserver;
		shadow = vmcs.has(USE_TPR_SHADOW);
		delivers = vmcs.has(VIRTUAL_INTERRUPT_DELIVERY);
		page.setAddress(vmcs.read(VIRTUAL_APIC_ADDRESS));
		recognized = false;
	}

	/** Whether CR8 is the virtual TPR. */
	boolean shadowsTpr() {
		return shadow;
	}

	boolean delivers() {
		return delivers;
	}

	/** VM entry: PPR virtualization and evaluation, or the TPR threshold. */
	void entered() {
		if (delivers) {
			virtualizePpr();
			evaluate();
		} else if (shadow && vmcs.has(VIRTUALIZE_APIC_ACCESSES)) {
			compareThreshold();
		}
	}

	// ---- registers ----

	/** CR8 as the guest reads it. */
	long taskPriorityClass() {
		return page.read(TPR) >>> 4 & 0xf;
	}

	/** "TPR Virtualization", behind a write of VTPR. */
	void tprWritten() {
		if (delivers) {
			virtualizePpr();
			evaluate();
		} else {
			compareThreshold();
		}
	}

	private void compareThreshold() {
		if (taskPriorityClass() < (vmcs.read(TPR_THRESHOLD) & 0xf)) {
			boundary.trapDue(VmExitReason.TPR_BELOW_THRESHOLD.number(), 0);
		}
	}

	/** Has an APIC-write exit follow the instruction. */
	void apicWriteExit(int offset) {
		boundary.trapDue(VmExitReason.APIC_WRITE.number(), offset);
	}

	// ---- virtual interrupts ----

	private int requesting() {
		return (int) vmcs.read(GUEST_INTERRUPT_STATUS) & 0xff;
	}

	private int servicing() {
		return (int) vmcs.read(GUEST_INTERRUPT_STATUS) >> 8 & 0xff;
	}

	private void setStatus(int rvi, int svi) {
		vmcs.store(GUEST_INTERRUPT_STATUS, rvi | svi << 8);
	}

	/** "PPR Virtualization". */
	private void virtualizePpr() {
		long tpr = page.read(TPR) & 0xff;
		int svi = servicing();
		page.write(PPR, tpr >>> 4 >= svi >>> 4 ? tpr : svi & 0xf0);
	}

	/** "EOI Virtualization". */
	void virtualizeEoi() {
		int vector = servicing();
		page.setBit(ISR, vector, false);
		setStatus(requesting(), page.highestOrZero(ISR));
		virtualizePpr();
		if ((vmcs.read(EOI_EXIT[vector >> 6]) >>> (vector & 63) & 1) != 0) {
			boundary.trapDue(VmExitReason.VIRTUALIZED_EOI.number(), vector);
		} else {
			evaluate();
		}
	}

	/** "Self-IPI Virtualization". */
	void virtualizeSelfIpi(int vector) {
		page.setBit(IRR, vector, true);
		setStatus(Math.max(requesting(), vector), servicing());
		observer.requested(vector);
		evaluate();
	}

	/** "Evaluation of Pending Virtual Interrupts". */
	private void evaluate() {
		recognized = !vmcs.has(INTERRUPT_WINDOW_EXITING) && requesting() >>> 4 > (page.read(PPR) & 0xff) >>> 4;
		boundary.armVirtualInterrupt(recognized);
	}

	/** "Virtual-Interrupt Delivery": the vector that the guest takes now. */
	int deliver() {
		int vector = requesting();
		page.setBit(ISR, vector, true);
		page.write(PPR, vector & 0xf0);
		page.setBit(IRR, vector, false);
		setStatus(page.highestOrZero(IRR), vector);
		recognized = false;
		boundary.armVirtualInterrupt(false);
		return vector;
	}

	/** "Posted-Interrupt Processing" of a notification that was acknowledged. */
	void processPosted() {
		long descriptor = vmcs.read(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS);
		long control = memory.read(descriptor + NOTIFICATION_WORD, 4);
		memory.write(descriptor + NOTIFICATION_WORD, 4, control & ~1L);
		int highest = requesting();
		for (int i = 0; i < 8; i++) {
			int posted = (int) memory.read(descriptor + i * 4, 4);
			if (posted != 0) {
				page.write(IRR + i * 16, page.read(IRR + i * 16) | posted & 0xffff_ffffL);
				memory.write(descriptor + i * 4, 4, 0);
				highest = Math.max(highest, i * 32 + 31 - Integer.numberOfLeadingZeros(posted));
			}
		}
		setStatus(highest, servicing());
		evaluate();
	}
}
