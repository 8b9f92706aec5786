/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.ApicRegisters;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.vmx.Vmcs;
import org.hyperstep.x86.vmx.VmcsField;
import org.hyperstep.x86.vmx.Vmx;

/**
 * APICv (Intel SDM, "APIC Virtualization and Virtual Interrupts"): TPR shadow, APIC-register virtualization and
 * virtual-interrupt delivery. What is held back is held back by the virtual-interrupt-delivery control of this CPU's
 * VMCS: with it clear the processor evaluates and delivers nothing, and writes of EOI and self-IPIs exit, while all
 * registers go on being virtualized. RVI alone would not do: the processor itself raises it for a self-IPI.
 */
final class VmxInterruptDelivery implements InterruptDelivery {
	private static final VmcsField[] EOI_EXIT = { EOI_EXIT_BITMAP_0, EOI_EXIT_BITMAP_1, EOI_EXIT_BITMAP_2,
			EOI_EXIT_BITMAP_3 };
	/** In the posted-interrupt descriptor: outstanding notification. */
	private static final int NOTIFICATION_WORD = 32;
	private static final int PPR = 0x80a, TPR = 0x808, END_OF_INTERRUPT = 0x80b, SELF_IPI = 0x83f;

	private final Vmcs vmcs;
	private final Vmx vmx;
	private final LocalApic apic;
	/** MSR bitmaps: all of the x2APIC's exit; the virtualized ones do not; those that delivery needs do. */
	private final long exiting, delivering, holding;
	private final HostArea area;
	private final long descriptor;
	private boolean suspended;

	/** Makes it; {@code bitmaps} are those in force, in which all x2APIC registers exit. */
	VmxInterruptDelivery(Vmcs vmcs, Vmx vmx, LocalApic apic, HostArea area, long bitmaps) {
		this.vmcs = vmcs;
		this.vmx = vmx;
		this.apic = apic;
		this.area = area;
		exiting = bitmaps;
		delivering = virtualized(area);
		holding = virtualized(area);
		for (int msr : new int[] { END_OF_INTERRUPT, SELF_IPI }) {
			area.setBit(delivering + 0x800, msr, false);
		}
		area.setBit(holding, PPR, true);
		vmcs.write(VIRTUAL_APIC_ADDRESS, area.share(apic.page().bytes()));
		vmcs.write(APIC_ACCESS_ADDRESS, Machine.localApicPage(apic.cpu()));
		vmcs.set(USE_TPR_SHADOW, true);
		vmcs.set(CR8_LOAD_EXITING, false);
		vmcs.set(CR8_STORE_EXITING, false);
		vmcs.set(APIC_REGISTER_VIRTUALIZATION, true);
		descriptor = area.take(1);
		vmcs.write(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS, descriptor);
		vmcs.write(POSTED_INTERRUPT_NOTIFICATION_VECTOR, Vmx.HOST_INTERRUPT_VECTOR);
		vmcs.set(ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
	}

	private long virtualized(HostArea area) {
		long copy = area.takeCopy(exiting);
		for (int msr = ApicRegisters.X2APIC_MSR; msr < ApicRegisters.X2APIC_MSR + ApicRegisters.X2APIC_MSRS; msr++) {
			area.setBit(copy, msr, !ApicRegisters.pageHolds(msr));
		}
		area.setBit(copy + 0x800, TPR, false);
		return copy;
	}

	@Override
	public boolean byHardware() {
		return true;
	}

	@Override
	public void enter(boolean held) {
		boolean virtualized = apic.isEnabled() && !suspended;
		boolean holds = held || !virtualized;
		setMode(virtualized && !apic.isX2apic(), virtualized && apic.isX2apic(), holds);
		apic.registers().publish();
		vmcs.set(VIRTUAL_INTERRUPT_DELIVERY, !holds);
		vmcs.set(PROCESS_POSTED_INTERRUPTS, !holds);
		vmcs.write(GUEST_INTERRUPT_STATUS, holds ? 0 : apic.highestRequested() | apic.highestInService() << 8);
		for (int i = 0; i < EOI_EXIT.length; i++) {
			vmcs.write(EOI_EXIT[i],
					apic.levelTriggered(2 * i) & 0xffff_ffffL | (long) apic.levelTriggered(2 * i + 1) << 32);
		}
	}

	/** Translations of the APIC's page depend on whether accesses to it are virtualized. */
	private void setMode(boolean accesses, boolean x2apic, boolean holds) {
		if (vmcs.has(VIRTUALIZE_APIC_ACCESSES) != accesses) {
			vmcs.set(VIRTUALIZE_APIC_ACCESSES, accesses);
			vmx.invalidateTranslations();
		}
		vmcs.set(VIRTUALIZE_X2APIC_MODE, x2apic);
		vmcs.write(ADDRESS_OF_MSR_BITMAPS, !x2apic ? exiting : holds ? holding : delivering);
	}

	/**
	 * The requests are in the virtual-APIC page already, which is the local APIC's: what is posted with them raises RVI. The
	 * processor takes all of it over at once, so that nothing is left in the descriptor.
	 */
	@Override
	public boolean post() {
		if (apic.waitsForSoftware() || !vmcs.has(PROCESS_POSTED_INTERRUPTS)) {
			return false;
		}
		for (int i = 0; i < LocalApic.VECTOR_WORDS / 2; i++) {
			area.write64(descriptor + 8 * i,
					apic.requested(2 * i) & 0xffff_ffffL | (long) apic.requested(2 * i + 1) << 32);
		}
		area.write64(descriptor + NOTIFICATION_WORD, 1);
		return vmx.notifyPosted();
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
