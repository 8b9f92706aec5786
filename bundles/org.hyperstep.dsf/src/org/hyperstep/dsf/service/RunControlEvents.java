/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.BitSet;
import java.util.List;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMEvent;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointDMContext;
import org.eclipse.cdt.dsf.debug.service.IBreakpointsExtension.IBreakpointHitDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerResumedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerSuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExitedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IResumedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.ISuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;

/**
 * What run control tells the session. In all-stop mode all virtual CPUs stop together and start together, which is an event
 * of the guest; in non-stop mode each stop and each start is an event of one CPU.
 */
final class RunControlEvents {
	private RunControlEvents() {
	}

	/** The guest, or one CPU of it, stands still. */
	static Suspended suspended(Guest guest, boolean nonStop, StopEvent stop, StateChangeReason reason) {
		if (stop instanceof StopEvent.BreakpointHit hit) {
			return nonStop ? new CpuBreakpointHit(guest, hit) : new GuestBreakpointHit(guest, hit);
		}
		return nonStop ? new CpuSuspended(guest, stop, reason) : new GuestSuspended(guest, stop, reason);
	}

	/**
	 * The guest, or one CPU of it, runs.
	 *
	 * @param cpu the CPU; negative for the guest
	 */
	static Resumed resumed(Guest guest, int cpu, boolean stepping) {
		return cpu < 0 ? new GuestResumed(guest, stepping) : new CpuResumed(guest, cpu, stepping);
	}

	private static BitSet numbers(Guest guest, IExecutionDMContext context) {
		BitSet numbers = new BitSet();
		Guest.vcpuOf(context).ifPresentOrElse(vcpu -> numbers.set(vcpu.cpu()),
				() -> numbers.set(0, guest.cpus().size()));
		return numbers;
	}

	/** Virtual CPUs stand still. */
	@Immutable
	abstract static class Suspended extends AbstractDMEvent<IExecutionDMContext> implements ISuspendedDMEvent {
		private final Guest guest;
		private final StopEvent stop;
		private final StateChangeReason reason;

		Suspended(Guest guest, IExecutionDMContext context, StopEvent stop, StateChangeReason reason) {
			super(context);
			this.guest = guest;
			this.stop = stop;
			this.reason = reason;
		}

		final StopEvent stop() {
			return stop;
		}

		/** The numbers of the CPUs that stand still now. */
		final BitSet cpus() {
			return numbers(guest, getDMContext());
		}

		final VcpuDMContext trigger() {
			return guest.cpus().get(stop.cpu());
		}

		@Override
		public final StateChangeReason getReason() {
			return reason;
		}
	}

	/** All virtual CPUs stand still. */
	@Immutable
	private static class GuestSuspended extends Suspended implements IContainerSuspendedDMEvent {
		GuestSuspended(Guest guest, StopEvent stop, StateChangeReason reason) {
			super(guest, guest.context(), stop, reason);
		}

		@Override
		public IExecutionDMContext[] getTriggeringContexts() {
			return new IExecutionDMContext[] { trigger() };
		}
	}

	/** One virtual CPU stands still. */
	@Immutable
	private static class CpuSuspended extends Suspended {
		CpuSuspended(Guest guest, StopEvent stop, StateChangeReason reason) {
			super(guest, guest.cpus().get(stop.cpu()), stop, reason);
		}
	}

	/** All virtual CPUs stand still because one of them met breakpoints. */
	@Immutable
	private static final class GuestBreakpointHit extends GuestSuspended implements IBreakpointHitDMEvent {
		private final List<IBreakpointDMContext> breakpoints;

		GuestBreakpointHit(Guest guest, StopEvent.BreakpointHit stop) {
			super(guest, stop, StateChangeReason.BREAKPOINT);
			this.breakpoints = contexts(guest, stop);
		}

		@Override
		public IBreakpointDMContext[] getBreakpoints() {
			return breakpoints.toArray(IBreakpointDMContext[]::new);
		}
	}

	/** One virtual CPU stands still because it met breakpoints. */
	@Immutable
	private static final class CpuBreakpointHit extends CpuSuspended implements IBreakpointHitDMEvent {
		private final List<IBreakpointDMContext> breakpoints;

		CpuBreakpointHit(Guest guest, StopEvent.BreakpointHit stop) {
			super(guest, stop, StateChangeReason.BREAKPOINT);
			this.breakpoints = contexts(guest, stop);
		}

		@Override
		public IBreakpointDMContext[] getBreakpoints() {
			return breakpoints.toArray(IBreakpointDMContext[]::new);
		}
	}

	private static List<IBreakpointDMContext> contexts(Guest guest, StopEvent.BreakpointHit stop) {
		return stop.breakpoints().stream()
				.<IBreakpointDMContext>map(
						breakpoint -> new BreakpointDMContext(guest.context(), breakpoint.number()))
				.toList();
	}

	/** Virtual CPUs run. */
	@Immutable
	abstract static class Resumed extends AbstractDMEvent<IExecutionDMContext> implements IResumedDMEvent {
		private final Guest guest;
		private final boolean stepping;

		Resumed(Guest guest, IExecutionDMContext context, boolean stepping) {
			super(context);
			this.guest = guest;
			this.stepping = stepping;
		}

		/** The numbers of the CPUs that run now. */
		final BitSet cpus() {
			return numbers(guest, getDMContext());
		}

		@Override
		public final StateChangeReason getReason() {
			return stepping ? StateChangeReason.STEP : StateChangeReason.USER_REQUEST;
		}
	}

	/** All virtual CPUs run. */
	@Immutable
	private static final class GuestResumed extends Resumed implements IContainerResumedDMEvent {
		GuestResumed(Guest guest, boolean stepping) {
			super(guest, guest.context(), stepping);
		}

		@Override
		public IExecutionDMContext[] getTriggeringContexts() {
			return new IExecutionDMContext[0];
		}
	}

	/** One virtual CPU runs. */
	@Immutable
	private static final class CpuResumed extends Resumed {
		CpuResumed(Guest guest, int cpu, boolean stepping) {
			super(guest, guest.cpus().get(cpu), stepping);
		}
	}

	/** The guest has ended. */
	@Immutable
	static final class Exited extends AbstractDMEvent<IExecutionDMContext> implements IExitedDMEvent {
		private final ExitStatus status;

		Exited(Guest guest, ExitStatus status) {
			super(guest.context());
			this.status = status;
		}

		ExitStatus status() {
			return status;
		}
	}

	/** A tool has changed memory or registers while the guest stood still. */
	@Immutable
	static final class Edited extends AbstractDMEvent<IExecutionDMContext> {
		Edited(Guest guest) {
			super(guest.context());
		}
	}
}
