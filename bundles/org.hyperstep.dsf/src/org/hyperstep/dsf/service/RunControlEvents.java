/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.List;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMEvent;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointDMContext;
import org.eclipse.cdt.dsf.debug.service.IBreakpointsExtension.IBreakpointHitDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerResumedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerSuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExitedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;

/** What run control tells the session. All virtual CPUs stop together and start together. */
final class RunControlEvents {
	private RunControlEvents() {
	}

	/** All virtual CPUs stand still. */
	@Immutable
	static class Suspended extends AbstractDMEvent<IExecutionDMContext> implements IContainerSuspendedDMEvent {
		private final IExecutionDMContext trigger;
		private final StopEvent stop;
		private final StateChangeReason reason;

		Suspended(Guest guest, StopEvent stop, StateChangeReason reason) {
			super(guest.context());
			this.trigger = guest.cpus().get(stop.cpu());
			this.stop = stop;
			this.reason = reason;
		}

		StopEvent stop() {
			return stop;
		}

		@Override
		public StateChangeReason getReason() {
			return reason;
		}

		@Override
		public IExecutionDMContext[] getTriggeringContexts() {
			return new IExecutionDMContext[] { trigger };
		}
	}

	/** All virtual CPUs stand still because one of them met breakpoints. */
	@Immutable
	static final class BreakpointHit extends Suspended implements IBreakpointHitDMEvent {
		private final List<BreakpointDMContext> breakpoints;

		BreakpointHit(Guest guest, StopEvent.BreakpointHit stop) {
			super(guest, stop, StateChangeReason.BREAKPOINT);
			this.breakpoints = stop.breakpoints().stream()
					.map(breakpoint -> new BreakpointDMContext(guest.context(), breakpoint.number())).toList();
		}

		@Override
		public IBreakpointDMContext[] getBreakpoints() {
			return breakpoints.toArray(IBreakpointDMContext[]::new);
		}
	}

	/** The guest runs. */
	@Immutable
	static final class Resumed extends AbstractDMEvent<IExecutionDMContext> implements IContainerResumedDMEvent {
		private final boolean stepping;

		Resumed(Guest guest, boolean stepping) {
			super(guest.context());
			this.stepping = stepping;
		}

		@Override
		public StateChangeReason getReason() {
			return stepping ? StateChangeReason.STEP : StateChangeReason.USER_REQUEST;
		}

		@Override
		public IExecutionDMContext[] getTriggeringContexts() {
			return new IExecutionDMContext[0];
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
