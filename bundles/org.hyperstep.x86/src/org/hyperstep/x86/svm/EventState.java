/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;

/**
 * What holds events off, between the VMCB and the processor (AMD APM volume 2, "Event Injection", "Virtual Interrupts",
 * "Global Interrupt Flag", "Virtual NMI").
 */
final class EventState {
	private static final long SHADOW_BIT = 1;

	private EventState() {
	}

	/**
	 * The VMCB has one bit for the interrupt shadow and no field for debug traps that MOV SS holds off. Which shadow it is,
	 * and the traps, the processor keeps in itself from #VMEXIT to the next VMRUN of the software below, so that an exit
	 * between MOV SS and the next instruction takes nothing from the guest.
	 */
	static void load(Vmcb vmcb, CpuState state) {
		Interruptibility events = state.interruptibility;
		if ((vmcb.read(INTERRUPT_SHADOW) & SHADOW_BIT) == 0) {
			events.shadow = Shadow.NONE;
		} else if (events.shadow == Shadow.NONE) {
			events.shadow = Shadow.STI;
		}
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		if ((control & Vmcb.V_NMI_ENABLE) != 0) {
			events.blockingByNmi = (control & Vmcb.V_NMI_MASK) != 0;
		}
		events.globalInterruptFlag = (control & Vmcb.V_GIF_ENABLE) == 0 || (control & Vmcb.V_GIF) != 0;
		if (state.activity != Activity.SHUTDOWN) {
			state.activity = Activity.ACTIVE;
		}
	}

	static void save(CpuState state, Vmcb vmcb) {
		Interruptibility events = state.interruptibility;
		vmcb.write(INTERRUPT_SHADOW, events.shadow == Shadow.NONE ? 0 : SHADOW_BIT);
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		if ((control & Vmcb.V_NMI_ENABLE) != 0) {
			control = events.blockingByNmi ? control | Vmcb.V_NMI_MASK : control & ~Vmcb.V_NMI_MASK;
		}
		if ((control & Vmcb.V_GIF_ENABLE) != 0) {
			control = events.globalInterruptFlag ? control | Vmcb.V_GIF : control & ~Vmcb.V_GIF;
		}
		vmcb.write(VIRTUAL_INTERRUPT, control);
	}
}
