/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.svm.Svm;
import org.hyperstep.x86.svm.SvmExitCode;
import org.hyperstep.x86.svm.Vmcb;
import org.hyperstep.x86.virtualization.DeliveryObserver;

/** A virtual CPU under a VMCB. */
final class SvmMode implements GuestMode {
	private static final SvmExitCode[] INTERCEPTS = { SvmExitCode.INTR, SvmExitCode.VINTR, SvmExitCode.SHUTDOWN,
			SvmExitCode.CPUID, SvmExitCode.HLT, SvmExitCode.MWAIT, SvmExitCode.MSR, SvmExitCode.INVD,
			SvmExitCode.RSM,
			SvmExitCode.XSETBV, SvmExitCode.CR8_READ, SvmExitCode.CR8_WRITE };
	private static final int[] EXITING_MSRS = { 0x1b, 0x6e0 };
	/** Reads of it do not exit: the processor itself adds up the offsets of all levels. */
	private static final int TIME_STAMP_COUNTER = 0x10;
	private static final int FIRST_X2APIC = 0x800, X2APIC_MSRS = 0x100;
	private static final long VALID = 1L << 31, ERROR_CODE_VALID = 1L << 11;

	private final CpuState state;
	private final Svm svm;
	/** Whether there is SVM for the guest is the processor's model's to say. */
	private final Vmcb vmcb = new Vmcb(true);
	private final SecondLevel secondLevel;
	private final InterruptDelivery interruptDelivery;

	SvmMode(Processor processor, HostArea area, LocalApic apic, VirtualizationOptions options) {
		int cpu = apic.cpu();
		state = processor.state();
		svm = new Svm(processor);
		vmcb.linearAddressBits = processor.model().linearAddressBits();
		secondLevel = new SecondLevel(area, SecondLevel.Format.NPT, cpu);
		for (SvmExitCode code : INTERCEPTS) {
			vmcb.intercept(code, true);
		}
		vmcb.write(GUEST_ASID, cpu + 1);
		vmcb.write(NP_ENABLE, 1);
		vmcb.write(N_CR3, secondLevel.root());
		vmcb.write(MSRPM_BASE_PA, msrMap(area));
		vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_INTR_MASKING | Vmcb.V_NMI_ENABLE | Vmcb.V_GIF_ENABLE | Vmcb.V_GIF);
		interruptDelivery = options.virtualApic() ? new SvmInterruptDelivery(vmcb, svm, apic, area)
				: InterruptDelivery.BY_HYPERVISOR;
	}

	private static long msrMap(HostArea area) {
		long map = area.take(2);
		for (int msr : EXITING_MSRS) {
			exits(area, map, msr);
		}
		writesExit(area, map, TIME_STAMP_COUNTER);
		for (int msr = FIRST_X2APIC; msr < FIRST_X2APIC + X2APIC_MSRS; msr++) {
			exits(area, map, msr);
		}
		return map;
	}

	private static void exits(HostArea area, long range, int number) {
		area.setBit(range, number * 2, true);
		writesExit(area, range, number);
	}

	private static void writesExit(HostArea area, long range, int number) {
		area.setBit(range, number * 2 + 1, true);
	}

	@Override
	public Entered enter() {
		return switch (svm.run(vmcb)) {
			case VM_EXIT -> vmcb.read(EXITCODE) == SvmExitCode.INVALID.number() ? Entered.REFUSED : Entered.EXIT;
			case OBSERVED -> Entered.MARK;
		};
	}

	@Override
	@SuppressWarnings("nls")
	public String refusal() {
		return "VMRUN ended with VMEXIT_INVALID: the rule \"" + svm.brokenRule() + "\" is broken";
	}

	@Override
	public RunOutcome emulateOne() {
		return svm.emulateOne(vmcb);
	}

	@Override
	public void storeState() {
		svm.saveGuestState(vmcb);
	}

	@Override
	public void storePosition() {
		svm.savePosition(vmcb);
	}

	@Override
	public @Nullable String brokenRule() {
		storeState();
		return svm.check(vmcb);
	}

	@Override
	public void inject(int vector, int type, int errorCode, int instructionLength) {
		int kind = type >= EventType.PRIVILEGED_SOFTWARE_EXCEPTION ? EventType.HARDWARE_EXCEPTION : type;
		boolean pushes = errorCode >= 0 && (state.cr0 & CpuState.CR0_PE) != 0;
		vmcb.write(EVENTINJ, VALID | (long) kind << 8 | vector
				| (pushes ? ERROR_CODE_VALID | (long) errorCode << 32 : 0));
		vmcb.write(NRIP, state.rip + instructionLength);
	}

	/** A virtual interrupt that exits before it is taken. */
	@Override
	public void requestInterruptWindow(boolean wanted) {
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		long bits = Vmcb.V_IRQ | Vmcb.V_IGN_TPR;
		vmcb.write(VIRTUAL_INTERRUPT, wanted ? control | bits : control & ~bits);
	}

	@Override
	public void requestNmiWindow(boolean wanted) {
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		vmcb.write(VIRTUAL_INTERRUPT, wanted ? control | Vmcb.V_NMI : control & ~Vmcb.V_NMI);
	}

	@Override
	public void setMonitorTrap(boolean on) {
		throw new IllegalStateException("SVM has no monitor trap flag"); //$NON-NLS-1$
	}

	@Override
	public boolean hasMonitorTrapFlag() {
		return false;
	}

	@Override
	public void interceptExceptions(int bitmap) {
		vmcb.write(INTERCEPT_EXCEPTIONS, bitmap);
	}

	@Override
	public void interceptDebugRegisters(boolean on) {
		vmcb.write(INTERCEPT_DR, on ? 0x00ff_00ffL : 0);
	}

	@Override
	public void interceptPause(boolean on) {
		vmcb.intercept(SvmExitCode.PAUSE, on);
	}

	@Override
	public void interceptMsrs(boolean on) {
		vmcb.intercept(SvmExitCode.MSR, on);
	}

	@Override
	public void passTaskSwitch() {
		throw new IllegalStateException("task switches are not intercepted"); //$NON-NLS-1$
	}

	@Override
	public void setTimeStampOffset(long offset) {
		vmcb.write(TSC_OFFSET, offset);
	}

	@Override
	public long timeStampOffset() {
		return vmcb.read(TSC_OFFSET);
	}

	@Override
	public void mapLocalApic(long guestPhysical) {
		secondLevel.mapLocalApic(guestPhysical);
		svm.invalidateTranslations();
	}

	@Override
	public InterruptDelivery interruptDelivery() {
		return interruptDelivery;
	}

	@Override
	public long visibleCr0() {
		return state.cr0;
	}

	@Override
	public long visibleCr4() {
		return state.cr4;
	}

	@Override
	public long visibleEfer() {
		return state.efer;
	}

	@Override
	public void loadCr0(long value) {
		state.cr0 = value;
	}

	@Override
	public void loadCr4(long value) {
		state.cr4 = value;
	}

	@Override
	public void loadEfer(long value) {
		state.efer = value;
	}

	@Override
	public void hideFeatures(int leaf, int[] registers) {
		// The model says what there is.
	}

	@Override
	public boolean exceptionWritesDr6() {
		return true;
	}

	@Override
	public String exitName(long number) {
		return SvmExits.name(number);
	}

	@Override
	public void observe(DeliveryObserver observer) {
		svm.observe(observer);
	}

	// ---- exits ----

	@Override
	public void decode(Exit exit) {
		SvmExitCode code = SvmExitCode.of(vmcb.read(EXITCODE));
		long information = vmcb.read(EXITINFO1);
		exit.number = code.number();
		exit.information = information;
		exit.length = (int) (vmcb.read(NRIP) - state.rip) & 15;
		exit.kind = SvmExits.kind(code);
		switch (exit.kind) {
			case EXCEPTION -> decodeException(exit, code, information);
			case RDMSR -> exit.kind = information != 0 ? Exit.Kind.WRMSR : Exit.Kind.RDMSR;
			case CONTROL_REGISTER -> {
				exit.register = code.number() & 15;
				exit.write = code.number() >= SvmExitCode.CR0_WRITE.number();
				exit.general = (int) information & 15;
			}
			case DEBUG_REGISTER -> {
				exit.register = code.number() & 15;
				exit.write = code.number() >= SvmExitCode.DR0_WRITE.number();
				exit.general = (int) information & 15;
			}
			case SECOND_LEVEL -> exit.payload = vmcb.read(EXITINFO2);
			case APIC_WRITE -> exit.payload = SvmInterruptDelivery.COMMAND;
			case APIC_ACCESS -> {
				exit.payload = information & SvmInterruptDelivery.REGISTER;
				boolean write = (information & SvmInterruptDelivery.WRITE) != 0;
				boolean delivers = (vmcb.read(EXITINTINFO) & VALID) != 0;
				// A trap: the instruction is at its end, and the value in the page.
				exit.kind = write && !delivers && vmcb.read(NRIP) == 0 ? Exit.Kind.APIC_WRITE : Exit.Kind.APIC_ACCESS;
			}
			default -> {
				// code and length say all
			}
		}
		decodeVectoring(exit);
	}

	/** DR6 accumulates: what this #DB is about, the hypervisor finds by running with a clean DR6. */
	private void decodeException(Exit exit, SvmExitCode code, long information) {
		exit.vector = code.number() - SvmExitCode.EXCP0.number();
		exit.errorCode = Vector.hasErrorCode(exit.vector) ? (int) information : -1;
		exit.payload = exit.vector == Vector.PF ? vmcb.read(EXITINFO2)
				: exit.vector == Vector.DB ? state.dr6 & DebugStatus.DEBUG_STATUS : 0;
		exit.software = vmcb.read(NRIP) != 0;
	}

	private void decodeVectoring(Exit exit) {
		long information = vmcb.read(EXITINTINFO);
		boolean valid = (information & VALID) != 0;
		exit.vectoringVector = valid ? (int) information & 0xff : -1;
		exit.vectoringType = (int) (information >> 8) & 7;
		exit.vectoringErrorCode = (information & ERROR_CODE_VALID) != 0 ? (int) (information >>> 32) : -1;
		exit.vectoringLength = 0;
	}
}
