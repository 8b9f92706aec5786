/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;

/** MOV to and from CR0, CR2, CR3, CR4, CR8, CLTS, LMSW, SMSW and XSETBV: all checks, and what follows a change. */
public final class ControlRegisters {
	private static final long CR0_DEFINED = CpuState.CR0_PE | CpuState.CR0_MP | CpuState.CR0_EM | CpuState.CR0_TS
			| CpuState.CR0_ET | CpuState.CR0_NE | CpuState.CR0_WP | CpuState.CR0_AM | CpuState.CR0_NW
			| CpuState.CR0_CD | CpuState.CR0_PG;
	private static final long CR0_PAGING = CpuState.CR0_PG | CpuState.CR0_CD | CpuState.CR0_NW;
	private static final long CR4_PAE_PAGING = CpuState.CR4_PAE | CpuState.CR4_PGE | CpuState.CR4_PSE
			| CpuState.CR4_SMEP;
	private static final long CR4_TRANSLATION = CR4_PAE_PAGING | CpuState.CR4_SMAP | CpuState.CR4_LA57
			| CpuState.CR4_PKE | CpuState.CR4_PCIDE;
	/** Of the value that MOV to CR3 takes with CR4.PCIDE: translations need not be dropped. The TLB is flushed anyway. */
	private static final long NO_FLUSH = Long.MIN_VALUE;
	private static final long PDPTE_RESERVED = 0x1e6;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	/** Bits that cannot be cleared outside a guest: those that VMX operation fixes. */
	private long heldCr0, heldCr4;
	private final long[] loadedPdptes = new long[4];

	ControlRegisters(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	/** Says which bits MOV to CR0 and CR4 cannot clear: those that VMX operation fixes to 1. */
	public void hold(long cr0, long cr4) {
		heldCr0 = cr0;
		heldCr4 = cr4;
	}

	/** In VMX non-root operation the VMCS decides about fixed bits, not this. */
	private void requireHeld(long value, long held) {
		if ((value & held) != held && unit.contexts.inner() == null) {
			throw fault.generalProtection(0);
		}
	}

	/** MOV from CR0, CR2, CR3, CR4 or CR8. */
	public long read(int register, int generalRegister) {
		unit.requirePrivilege();
		long value = switch (register) {
			case 0 -> state.cr0;
			case 2 -> state.cr2;
			case 3 -> state.cr3;
			case 4 -> state.cr4;
			case 8 -> state.cr8;
			default -> throw fault.undefinedInstruction();
		};
		return unit.interception().controlRegisterRead(register, value, generalRegister);
	}

	/** MOV to CR0, CR2, CR3, CR4 or CR8; outside 64-bit mode the value has 32 bits. */
	public void write(int register, long value, int generalRegister) {
		unit.requirePrivilege();
		if (register > 4 && register != 8 || register == 1) {
			throw fault.undefinedInstruction();
		}
		long taken = unit.interception().controlRegisterWrite(register, value, generalRegister);
		switch (register) {
			case 0 -> {
				requireHeld(taken, heldCr0);
				writeCr0(taken);
			}
			case 2 -> state.cr2 = taken;
			case 3 -> writeCr3(taken);
			case 4 -> {
				requireHeld(taken, heldCr4);
				writeCr4(taken);
			}
			default -> writeCr8(taken);
		}
	}

	/**
	 * Takes a new CR0 after all checks of MOV to CR0.
	 *
	 * @param value after guest/host masks
	 */
	public void writeCr0(long value) {
		if (value >>> 32 != 0) {
			throw fault.generalProtection(0);
		}
		long next = value & CR0_DEFINED | CpuState.CR0_ET;
		boolean paging = (next & CpuState.CR0_PG) != 0;
		boolean hadPaging = (state.cr0 & CpuState.CR0_PG) != 0;
		if (paging && (next & CpuState.CR0_PE) == 0
				|| (next & CpuState.CR0_NW) != 0 && (next & CpuState.CR0_CD) == 0) {
			throw fault.generalProtection(0);
		}
		boolean longEnabled = (state.efer & CpuState.EFER_LME) != 0;
		boolean pae = (state.cr4 & CpuState.CR4_PAE) != 0;
		if (paging && !hadPaging && longEnabled && (!pae || state.segments[CpuState.CS].longMode())
				|| !paging && hadPaging && (state.in64BitMode() || (state.cr4 & CpuState.CR4_PCIDE) != 0)) {
			throw fault.generalProtection(0);
		}
		long changed = state.cr0 ^ next;
		if (paging && pae && !longEnabled && (changed & CR0_PAGING) != 0) {
			loadPdptes(state.cr3);
		}
		state.cr0 = next;
		if (paging != hadPaging) {
			state.efer = paging && longEnabled ? state.efer | CpuState.EFER_LMA : state.efer & ~CpuState.EFER_LMA;
		}
		if ((changed & (CpuState.CR0_PG | CpuState.CR0_WP | CpuState.CR0_PE)) != 0) {
			unit.mmu.flushAll();
		}
		unit.mmu.privilegeChanged();
	}

	/** Takes a new CR3 after all checks of MOV to CR3; {@code value} is after intercepts. */
	void writeCr3(long value) {
		long next = (state.cr4 & CpuState.CR4_PCIDE) != 0 ? value & ~NO_FLUSH : value;
		if (state.longModeActive()) {
			if (next >>> unit.model.physicalAddressBits() != 0) {
				throw fault.generalProtection(0);
			}
		} else if (paePaging()) {
			loadPdptes(next);
		}
		state.cr3 = next;
		unit.mmu.flush();
	}

	private boolean paePaging() {
		return (state.cr0 & CpuState.CR0_PG) != 0 && (state.cr4 & CpuState.CR4_PAE) != 0
				&& !state.longModeActive();
	}

	/** Takes a new CR4 after all checks of MOV to CR4; {@code value} is after guest/host masks. */
	public void writeCr4(long value) {
		long changed = state.cr4 ^ value;
		if ((value & ~unit.model.cr4Allowed()) != 0
				|| state.longModeActive() && (changed & (CpuState.CR4_PAE | CpuState.CR4_LA57)) != 0
				|| (changed & value & CpuState.CR4_PCIDE) != 0
						&& (!state.longModeActive() || (state.cr3 & 0xfff) != 0)) {
			throw fault.generalProtection(0);
		}
		boolean pdptes = (state.cr0 & CpuState.CR0_PG) != 0 && (value & CpuState.CR4_PAE) != 0
				&& !state.longModeActive() && (changed & CR4_PAE_PAGING) != 0;
		if (pdptes) {
			loadPdptes(state.cr3);
		}
		state.cr4 = value;
		if ((changed & CR4_TRANSLATION) != 0) {
			unit.mmu.flushAll();
		}
	}

	private void writeCr8(long value) {
		if ((value & ~15L) != 0) {
			throw fault.generalProtection(0);
		}
		state.cr8 = value;
		unit.events.stateChanged();
	}

	/** "PDPTE Registers": loads and checks the four entries at {@code cr3}. */
	private void loadPdptes(long cr3) {
		if (!readPdptes(cr3)) {
			throw fault.generalProtection(0);
		}
		System.arraycopy(loadedPdptes, 0, state.pdpte, 0, 4);
	}

	/**
	 * Loads the four PDPTEs that CR3 points to, as VMRUN and #VMEXIT do.
	 *
	 * @return whether they have no reserved bit; those of a guest are loaded all the same, and found by its page walks
	 */
	public boolean reloadPdptes() {
		boolean legal = readPdptes(state.cr3);
		System.arraycopy(loadedPdptes, 0, state.pdpte, 0, 4);
		return legal;
	}

	private boolean readPdptes(long cr3) {
		Interception interception = unit.interception();
		long reserved = PDPTE_RESERVED | -1L << unit.model.physicalAddressBits();
		boolean legal = true;
		for (int i = 0; i < 4; i++) {
			long guestPhysical = (cr3 & 0xffff_ffe0L) + i * 8;
			long bus = interception.translate(guestPhysical, Interception.READ, 0, true) & Mmu.PHYSICAL_MASK;
			long host = unit.mmu.physical().wired(bus, Interception.READ, state.inSystemManagementMode);
			long entry = unit.mmu.physical().read(host, 8);
			legal &= (entry & 1) == 0 || (entry & reserved) == 0;
			loadedPdptes[i] = entry;
		}
		return legal;
	}

	/** CLTS. */
	public void clts() {
		unit.requirePrivilege();
		state.cr0 = unit.interception().machineStatusWrite(state.cr0 & ~CpuState.CR0_TS, true);
	}

	/** LMSW: PE, MP, EM, TS; PE can be set and not cleared. */
	public void lmsw(long value) {
		unit.requirePrivilege();
		long next = state.cr0 & ~14L | value & 15;
		writeCr0(unit.interception().machineStatusWrite(next, false));
	}

	/** SMSW: CR0 as the guest reads it; the caller truncates. */
	public long smsw() {
		unit.descriptorTables.requireStorePrivilege();
		return unit.interception().controlRegisterRead(0, state.cr0, Interception.MACHINE_STATUS_WORD);
	}

	/** XSETBV of ECX, EDX:EAX; {@code length} of the instruction, for its exit. */
	public void xsetbv(int length) {
		if ((state.cr4 & CpuState.CR4_OSXSAVE) == 0) {
			throw fault.undefinedInstruction();
		}
		unit.requirePrivilege();
		unit.interception().instruction(InterceptedInstruction.XSETBV, length, 0);
		long value = state.general[CpuState.RAX] & 0xffff_ffffL | state.general[CpuState.RDX] << 32;
		if ((int) state.general[CpuState.RCX] != 0 || !unit.model.acceptsXcr0(value)) {
			throw fault.generalProtection(0);
		}
		state.xcr0 = value;
	}

	/**
	 * XGETBV of ECX: XCR0, or those of its components that are in use.
	 *
	 * @param inUse XINUSE, the components that are not in their initial configuration
	 */
	public long xgetbv(long inUse) {
		if ((state.cr4 & CpuState.CR4_OSXSAVE) == 0) {
			throw fault.undefinedInstruction();
		}
		int index = (int) state.general[CpuState.RCX];
		if (index == 1 && unit.model.has(Feature.XGETBV1)) {
			return state.xcr0 & inUse;
		}
		if (index != 0) {
			throw fault.generalProtection(0);
		}
		return state.xcr0;
	}
}
