/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.svm.Svm;
import org.hyperstep.x86.svm.SvmExitCode;
import org.hyperstep.x86.svm.Vmcb;

/**
 * AVIC (AMD APM volume 2, "Advanced Virtual Interrupt Controller"): the local APIC's page is the backing page. TPR, CR8,
 * end of interrupt, interrupts to itself and delivery are the processor's. Interrupts to other CPUs exit: their entries
 * in the physical table have no backing page that the processor reaches, so that the machine's bus carries them, in the
 * order of its turns.
 * <p>
 * AVIC has no control that keeps it from delivering alone. What is held back is held back by leaving it disabled in this
 * CPU's VMCB: accesses to the APIC then reach the machine's local APIC, which works on the same page, so that the guest
 * sees the same registers; the other CPUs' stay as they are.
 */
final class SvmInterruptDelivery implements InterruptDelivery {
	/** Offset of the interrupt command register; bits of EXITINFO1: the offset, and whether it was a write. */
	static final long COMMAND = 0x300, REGISTER = 0xff0, WRITE = 1L << 32;

	private static final long VALID = 1L << 63, RUNNING = 1L << 62;
	/** No page that a processor reaches. */
	private static final long NO_BACKING_PAGE = 1L << 51;
	private static final int MOST_PROCESSORS = 256;
	private static final long PAGE = -1L << 12;

	private final Vmcb vmcb;
	private final Svm svm;
	private final LocalApic apic;
	private boolean suspended;

	SvmInterruptDelivery(Vmcb vmcb, Svm svm, LocalApic apic, HostArea area) {
		this.vmcb = vmcb;
		this.svm = svm;
		this.apic = apic;
		long backing = area.share(apic.page().bytes());
		long physical = area.take(1);
		for (int i = 0; i < MOST_PROCESSORS; i++) {
			area.write64(physical + 8L * i,
					i == apic.cpu() ? VALID | RUNNING | backing | i : VALID | RUNNING | NO_BACKING_PAGE | i);
		}
		vmcb.write(AVIC_BACKING_PAGE, backing);
		vmcb.write(AVIC_PHYSICAL_TABLE, physical | MOST_PROCESSORS - 1);
		// No valid entry: interrupts to logical destinations exit.
		vmcb.write(AVIC_LOGICAL_TABLE, area.take(1));
	}

	/** There is none for x2APIC mode. */
	@Override
	public boolean byHardware() {
		return apic.isEnabled() && !apic.isX2apic();
	}

	/** AVIC does not know of V_IRQ, by which the hypervisor waits for its chance to inject. */
	private boolean waitsForWindow() {
		return (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_IRQ) != 0;
	}

	@Override
	public void enter(boolean held) {
		boolean enabled = byHardware() && !held && !suspended && !waitsForWindow();
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		if (enabled != ((control & Vmcb.AVIC_ENABLE) != 0)) {
			control ^= Vmcb.AVIC_ENABLE;
			vmcb.intercept(SvmExitCode.CR8_READ, !enabled);
			vmcb.intercept(SvmExitCode.CR8_WRITE, !enabled);
			svm.invalidateTranslations();
		}
		if (enabled) {
			vmcb.write(AVIC_APIC_BAR, apic.base() & PAGE);
			apic.registers().publish();
			control = control & ~Vmcb.V_TPR | apic.taskPriorityClass();
		}
		vmcb.write(VIRTUAL_INTERRUPT, control);
	}

	@Override
	public boolean post() {
		return !apic.waitsForSoftware() && svm.doorbell();
	}

	@Override
	public void left() {
		apic.hardwareWasAtWork();
	}

	@Override
	public void suspend(boolean now) {
		suspended = now;
		enter(true);
	}
}
