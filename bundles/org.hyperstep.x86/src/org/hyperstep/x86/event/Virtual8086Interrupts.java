/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** INT n in virtual-8086 mode (Intel SDM, "Software Interrupt Handling in Virtual-8086 Mode"). */
final class Virtual8086Interrupts {
	/** Offset of the I/O map base in the TSS; the software interrupt redirection bit map ends there. */
	private static final int IO_MAP_BASE = 0x66, REDIRECTION_MAP_SIZE = 32;

	private final CpuState state;
	private final Mmu mmu;
	private final GuestFault fault;
	private final Stack stack;

	Virtual8086Interrupts(CpuState state, Mmu mmu, GuestFault fault) {
		this.state = state;
		this.mmu = mmu;
		this.fault = fault;
		stack = new Stack(state, mmu, fault);
	}

	/** Whether the interrupt goes to the 8086 program's own handler; #GP(0) where it may go nowhere. */
	boolean redirects(int vector) {
		if ((state.cr4 & CpuState.CR4_VME) != 0 && !intercepted(vector)) {
			return true;
		}
		if (state.ioPrivilegeLevel() < 3) {
			throw fault.generalProtection(0);
		}
		return false;
	}

	/** The bit of the software interrupt redirection bit map. */
	private boolean intercepted(int vector) {
		SegmentState tr = state.segments[CpuState.TR];
		if (tr.limit < IO_MAP_BASE + 1) {
			throw fault.generalProtection(0);
		}
		int map = (int) mmu.readSupervisor(tr.base + IO_MAP_BASE & 0xffff_ffffL, 2) - REDIRECTION_MAP_SIZE;
		int offset = map + (vector >> 3);
		if (map < 0 || offset > tr.limit) {
			throw fault.generalProtection(0);
		}
		return (mmu.readSupervisor(tr.base + offset & 0xffff_ffffL, 1) >> (vector & 7) & 1) != 0;
	}

	/** As in real-address mode, through the table at linear address 0. Below IOPL 3 VIF is what the program takes for IF. */
	void redirect(int vector, long returnRip) {
		long entry = mmu.read32(vector * 4L);
		SegmentState cs = state.segments[CpuState.CS];
		boolean virtual = state.ioPrivilegeLevel() < 3;
		long image = state.rflags;
		if (virtual) {
			image = image & ~CpuState.IF | CpuState.IOPL | ((image & CpuState.VIF) != 0 ? CpuState.IF : 0);
		}
		stack.open();
		stack.push(2, image);
		stack.push(2, cs.selector);
		stack.push(2, returnRip);
		state.general[CpuState.RSP] = stack.pointer();
		state.rflags &= ~(CpuState.TF | (virtual ? CpuState.VIF : CpuState.IF));
		int selector = (int) (entry >>> 16) & 0xffff;
		cs.set(selector, (long) selector << 4, cs.limit, cs.accessRights);
		state.rip = entry & 0xffff;
	}
}
