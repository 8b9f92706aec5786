/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/** Instructions on GDTR, IDTR, LDTR and TR, and those that ask about descriptors. */
public final class DescriptorTables {
	/** What {@link #accessRights} and {@link #segmentLimit} return where the descriptor is not to be seen (ZF=0). */
	public static final long INVISIBLE = -1;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final Descriptor descriptor = new Descriptor();

	DescriptorTables(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	private void intercept(InterceptedInstruction instruction) {
		unit.interception().descriptorTable(instruction, 0);
	}

	// ---- GDTR and IDTR ----

	/** LGDT of the operand at {@code linear}; {@code operandSize} 16, 32 or 64 bits. */
	public void lgdt(long linear, int operandSize) {
		unit.requirePrivilege();
		intercept(InterceptedInstruction.LGDT);
		int limit = (int) unit.mmu.read16(linear);
		state.gdtrBase = readBase(linear + 2, operandSize);
		state.gdtrLimit = limit;
	}

	/** LIDT of the operand at {@code linear}. */
	public void lidt(long linear, int operandSize) {
		unit.requirePrivilege();
		intercept(InterceptedInstruction.LIDT);
		int limit = (int) unit.mmu.read16(linear);
		state.idtrBase = readBase(linear + 2, operandSize);
		state.idtrLimit = limit;
	}

	private long readBase(long linear, int operandSize) {
		if (state.in64BitMode()) {
			long base = unit.mmu.read64(linear);
			unit.requireHeld(base);
			return base;
		}
		return unit.mmu.read32(linear) & (operandSize == 16 ? 0xff_ffff : 0xffff_ffffL);
	}

	/** SGDT to {@code linear}. */
	public void sgdt(long linear) {
		requireStorePrivilege();
		intercept(InterceptedInstruction.SGDT);
		store(linear, state.gdtrLimit, state.gdtrBase);
	}

	/** SIDT to {@code linear}. */
	public void sidt(long linear) {
		requireStorePrivilege();
		intercept(InterceptedInstruction.SIDT);
		store(linear, state.idtrLimit, state.idtrBase);
	}

	private void store(long linear, int limit, long base) {
		int size = state.in64BitMode() ? 8 : 4;
		unit.mmu.prepareWrite(linear, 2 + size);
		unit.mmu.write16(linear, limit);
		unit.mmu.write(linear + 2, size, base);
	}

	/** CR4.UMIP keeps SGDT, SIDT, SLDT, SMSW and STR from CPL 1 to 3. */
	void requireStorePrivilege() {
		if ((state.cr4 & CpuState.CR4_UMIP) != 0) {
			unit.requirePrivilege();
		}
	}

	// ---- LDTR and TR ----

	/** SLDT: the selector. */
	public int sldt() {
		unit.requireProtectedMode();
		requireStorePrivilege();
		intercept(InterceptedInstruction.SLDT);
		return state.segments[CpuState.LDTR].selector;
	}

	/** STR: the selector. */
	public int str() {
		unit.requireProtectedMode();
		requireStorePrivilege();
		intercept(InterceptedInstruction.STR);
		return state.segments[CpuState.TR].selector;
	}

	/** LLDT. */
	public void lldt(int selector) {
		unit.requireProtectedMode();
		unit.requirePrivilege();
		intercept(InterceptedInstruction.LLDT);
		SegmentState ldtr = state.segments[CpuState.LDTR];
		if (DescriptorMemory.isNull(selector)) {
			ldtr.set(selector, ldtr.base, ldtr.limit, SegmentState.UNUSABLE);
			return;
		}
		readSystem(selector, true);
		if (descriptor.type() != Descriptor.LDT) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		requirePresent(selector);
		descriptor.loadInto(ldtr, selector);
	}

	/** LTR: marks the TSS busy. */
	public void ltr(int selector) {
		unit.requireProtectedMode();
		unit.requirePrivilege();
		intercept(InterceptedInstruction.LTR);
		if (DescriptorMemory.isNull(selector)) {
			throw fault.generalProtection(0);
		}
		readSystem(selector, true);
		boolean available = descriptor.type() == Descriptor.TSS_AVAILABLE
				|| descriptor.type() == Descriptor.TSS16_AVAILABLE && !state.longModeActive();
		if (!available) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		requirePresent(selector);
		unit.descriptors.setBusy(descriptor);
		descriptor.loadInto(state.segments[CpuState.TR], selector);
	}

	private void readSystem(int selector, boolean globalOnly) {
		boolean ok = !(globalOnly && (selector & 4) != 0) && unit.descriptors.read(selector, descriptor)
				&& !descriptor.codeOrData()
				&& (!state.longModeActive() || unit.descriptors.readUpper(descriptor));
		if (!ok) {
			throw fault.generalProtection(selector & 0xfffc);
		}
		if (state.longModeActive()) {
			unit.requireHeld(descriptor.base());
		}
	}

	private void requirePresent(int selector) {
		if (!descriptor.present()) {
			throw fault.notPresent(selector & 0xfffc);
		}
	}

	// ---- questions about descriptors ----

	/** LAR: the access rights as the destination takes them, or {@link #INVISIBLE}. */
	public long accessRights(int selector) {
		unit.requireProtectedMode();
		return visible(selector, true) ? descriptor.bytes >>> 32 & 0xff_ff00 : INVISIBLE;
	}

	/** LSL: the limit in bytes, or {@link #INVISIBLE}. */
	public long segmentLimit(int selector) {
		unit.requireProtectedMode();
		return visible(selector, false) ? descriptor.limit() : INVISIBLE;
	}

	/** VERR. */
	public boolean readable(int selector) {
		unit.requireProtectedMode();
		return visibleSegment(selector) && descriptor.readable();
	}

	/** VERW. */
	public boolean writable(int selector) {
		unit.requireProtectedMode();
		return visibleSegment(selector) && descriptor.writable();
	}

	private boolean visibleSegment(int selector) {
		return !DescriptorMemory.isNull(selector) && unit.descriptors.read(selector, descriptor)
				&& descriptor.codeOrData() && permitted(selector);
	}

	private boolean visible(int selector, boolean gates) {
		if (DescriptorMemory.isNull(selector) || !unit.descriptors.read(selector, descriptor)) {
			return false;
		}
		if (!descriptor.codeOrData() && !systemTypeVisible(descriptor.type(), gates)) {
			return false;
		}
		return permitted(selector);
	}

	private boolean permitted(int selector) {
		return descriptor.code() && descriptor.conforming()
				|| Math.max(state.cpl, selector & 3) <= descriptor.privilegeLevel();
	}

	/** The tables of valid types on the reference pages of LAR and LSL. */
	private boolean systemTypeVisible(int type, boolean gates) {
		boolean longMode = state.longModeActive();
		return switch (type) {
			case Descriptor.LDT, Descriptor.TSS_AVAILABLE, Descriptor.TSS_BUSY -> true;
			case Descriptor.TSS16_AVAILABLE, Descriptor.TSS16_BUSY -> !longMode;
			case Descriptor.CALL_GATE -> gates;
			case Descriptor.CALL_GATE16, Descriptor.TASK_GATE -> gates && !longMode;
			default -> false;
		};
	}

	/**
	 * ARPL.
	 *
	 * @return the adjusted selector, or {@link #INVISIBLE} where the RPL need not change (ZF=0)
	 */
	public long adjustedSelector(int selector, int of) {
		unit.requireProtectedMode();
		return (selector & 3) < (of & 3) ? selector & 0xfffc | of & 3 : INVISIBLE;
	}
}
