/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;

/**
 * Delivers events: asks the intercepts, folds exceptions into #DF and shutdown, updates CR2 and DR6, and goes through
 * the IDT. Faults find RIP at their instruction; traps and interrupts at the next one. On return RIP is the handler's
 * first instruction, or the processor is shut down. An exit during delivery leaves all registers as they were.
 */
public final class EventDelivery {
	private static final int SHUTDOWN = -1;
	/** B3:B0, BD, BS, BT of DR6. */
	private static final long DEBUG_STATUS = 0xe00f;
	private static final long BREAKPOINT_CONDITIONS = 15;
	private static final long BD = 1 << 13;
	private static final long DR7_GD = 1 << 13;
	/** IA32_DEBUGCTL.LBR and BTF. */
	private static final long DEBUGCTL_LBR_BTF = 3;

	private final CpuState state;
	private final Mmu mmu;
	private final EventArbiter arbiter;
	private final IdtDelivery idt;
	private final Virtual8086Interrupts virtual8086;
	private Interception interception = Interception.NONE;
	private int count;

	// The event being delivered.
	private int vector;
	private int type;
	private int errorCode;
	private long payload;
	private int length;
	private long returnRip;
	private long pushedRf;

	EventDelivery(CpuState state, Mmu mmu, GuestFault fault, EventArbiter arbiter) {
		this.state = state;
		this.mmu = mmu;
		this.arbiter = arbiter;
		idt = new IdtDelivery(state, mmu, fault);
		virtual8086 = new Virtual8086Interrupts(state, mmu, fault);
	}

	void setInterception(Interception context) {
		interception = context;
	}

	/** Sets who switches tasks. */
	public void setTaskGates(TaskGates gates) {
		idt.taskGates = gates;
	}

	/** Events delivered so far; wraps around. */
	public int count() {
		return count;
	}

	/** A fault of the instruction at RIP, or an instruction breakpoint on it. */
	void fault(GuestFault cause) {
		begin(cause.vector(), EventType.HARDWARE_EXCEPTION, cause.errorCode(), cause.payload(), 0, state.rip);
		pushedRf = faultPushesRf() ? CpuState.RF : 0;
		exception(false);
	}

	/**
	 * "RFLAGS.RF": set by faults, but not by #DB for an instruction breakpoint. The fault that became #DF has set it
	 * already.
	 */
	private boolean faultPushesRf() {
		return vector != Vector.DB || (payload & BD) != 0;
	}

	/** Debug exceptions that were pending at this boundary, in the format of the VMCS field. */
	void debugTrap(long pending) {
		begin(Vector.DB, EventType.HARDWARE_EXCEPTION, GuestFault.NO_ERROR_CODE, pending, 0, state.rip);
		pushedRf = arbiter.resumeFlagBetweenIterations();
		exception(false);
	}

	/** A maskable interrupt that was acknowledged. */
	public void hardwareInterrupt(int interruptVector) {
		begin(interruptVector, EventType.EXTERNAL_INTERRUPT, GuestFault.NO_ERROR_CODE, 0, 0, state.rip);
		pushedRf = arbiter.resumeFlagBetweenIterations();
		throughIdt();
	}

	/** A non-maskable interrupt; NMIs are blocked until IRET. */
	public void nmi() {
		begin(Vector.NMI, EventType.NMI, GuestFault.NO_ERROR_CODE, 0, 0, state.rip);
		pushedRf = arbiter.resumeFlagBetweenIterations();
		state.interruptibility.blockingByNmi = true;
		throughIdt();
	}

	/**
	 * INT n of the instruction at RIP.
	 *
	 * @param nextRip RIP of the instruction behind it
	 */
	public void softwareInterrupt(int interruptVector, long nextRip) {
		int instructionLength = (int) (nextRip - state.rip) & 15;
		interception.instruction(InterceptedInstruction.INT_N, instructionLength, interruptVector);
		if (state.virtual8086() && virtual8086.redirects(interruptVector)) {
			virtual8086.redirect(interruptVector, nextRip);
			arbiter.eventDelivered();
			return;
		}
		begin(interruptVector, EventType.SOFTWARE_INTERRUPT, GuestFault.NO_ERROR_CODE, 0, instructionLength, nextRip);
		throughIdt();
	}

	/** INT3 (#BP) or INTO with OF set (#OF) of the instruction at RIP. */
	public void softwareException(int exceptionVector, long nextRip) {
		begin(exceptionVector, EventType.SOFTWARE_EXCEPTION, GuestFault.NO_ERROR_CODE, 0,
				(int) (nextRip - state.rip) & 15, nextRip);
		exception(true);
	}

	/**
	 * INT1 (ICEBP): #DB without a cause in DR6 and without privilege check. Breakpoints that waited join it; a
	 * single-step trap that waited is lost, as it is when any event is delivered.
	 */
	public void icebp(long nextRip) {
		int instructionLength = (int) (nextRip - state.rip) & 15;
		interception.instruction(InterceptedInstruction.ICEBP, instructionLength, 0);
		long waiting = state.interruptibility.pendingDebugExceptions & ~Interruptibility.BS;
		begin(Vector.DB, EventType.PRIVILEGED_SOFTWARE_EXCEPTION, GuestFault.NO_ERROR_CODE, waiting, instructionLength,
				nextRip);
		exception(true);
		state.interruptibility.pendingDebugExceptions = 0;
		arbiter.stateChanged();
	}

	/**
	 * An event injected by VM entry or VMRUN. It is not itself intercepted and changes neither CR2 nor DR6; exceptions
	 * met during its delivery are events of their own.
	 *
	 * @param eventType         a type of {@link EventType}, up to SOFTWARE_EXCEPTION
	 * @param code              error code to push, or {@link GuestFault#NO_ERROR_CODE}
	 * @param instructionLength added to RIP in what software interrupts and exceptions push
	 */
	public void inject(int eventVector, int eventType, int code, int instructionLength) {
		boolean software = eventType >= EventType.SOFTWARE_INTERRUPT;
		long next = software ? state.rip + instructionLength : state.rip;
		begin(eventVector, eventType, code, 0, software ? instructionLength : 0, next);
		if (eventType == EventType.NMI) {
			state.interruptibility.blockingByNmi = true;
		}
		throughIdt();
	}

	private void begin(int newVector, int newType, int newErrorCode, long newPayload, int newLength,
			long newReturnRip) {
		vector = newVector;
		type = newType;
		errorCode = newErrorCode;
		payload = newPayload;
		length = newLength;
		returnRip = newReturnRip;
		pushedRf = 0;
	}

	private void exception(boolean software) {
		interception.exception(vector, errorCode, payload, software);
		takePayload();
		throughIdt();
	}

	private void takePayload() {
		if (vector == Vector.PF) {
			state.cr2 = payload;
		} else if (vector == Vector.DB) {
			state.dr6 = debugStatus(state.dr6, payload);
			state.dr7 &= ~DR7_GD;
			state.debugControl &= ~DEBUGCTL_LBR_BTF;
		}
	}

	/**
	 * DR6 after a debug exception ("Debug Status Register (DR6)"): the breakpoint conditions are those of this one, the
	 * other bits stay until software clears them. ICEBP, which has no condition, changes nothing.
	 *
	 * @param conditions bits for DR6 of the exception
	 */
	public static long debugStatus(long dr6, long conditions) {
		long bits = conditions & DEBUG_STATUS;
		return bits == 0 ? dr6 : dr6 & ~BREAKPOINT_CONDITIONS | bits;
	}

	private void throughIdt() {
		long from = state.rip;
		state.interruptibility.unblockedByIret = false;
		while (true) {
			interception.deliveryBegins(vector, type, errorCode, length);
			try {
				idt.deliver(vector, type, errorCode, returnRip, pushedRf);
				break;
			} catch (GuestFault nested) {
				if (!foldIn(nested)) {
					return;
				}
			}
		}
		count++;
		mmu.privilegeChanged();
		arbiter.recordException(from);
		arbiter.eventDelivered();
		interception.deliveryEnds();
	}

	/** "Conditions for Generating a Double Fault". Returns false when the processor is shut down. */
	private boolean foldIn(GuestFault nested) {
		int second = combine(nested.vector());
		if (second == SHUTDOWN) {
			interception.tripleFault();
			state.activity = Activity.SHUTDOWN;
			arbiter.stateReplaced();
			return false;
		}
		boolean doubleFault = second == Vector.DF && nested.vector() != Vector.DF;
		begin(second, EventType.HARDWARE_EXCEPTION, doubleFault ? 0 : nested.errorCode(),
				doubleFault ? 0 : nested.payload(), 0, state.rip);
		pushedRf = faultPushesRf() ? CpuState.RF : 0;
		interception.exception(vector, errorCode, payload, false);
		takePayload();
		return true;
	}

	private int combine(int second) {
		if (type != EventType.HARDWARE_EXCEPTION) {
			return second;
		}
		if (vector == Vector.DF) {
			return Vector.contributory(second) || second == Vector.PF ? SHUTDOWN : second;
		}
		// #VE is of the class of page faults.
		boolean pageFault = vector == Vector.PF || vector == Vector.VE;
		boolean severe = Vector.contributory(second) && (Vector.contributory(vector) || pageFault)
				|| second == Vector.PF && pageFault;
		return severe ? Vector.DF : second;
	}
}
