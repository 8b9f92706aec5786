/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Arrays;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.debug.service.IMultiRunControl;
import org.eclipse.cdt.dsf.debug.service.IRunControl2;

/** What run control is asked about several contexts at once, answered by what it says of each of them. */
@ConfinedToDsfExecutor("getExecutor()")
abstract class GroupRunControl extends GuestService implements IRunControl2, IMultiRunControl {

	GroupRunControl(Guest guest, Class<?>... roles) {
		super(guest, roles);
	}

	abstract boolean canResume(IExecutionDMContext context);

	abstract boolean canSuspend(IExecutionDMContext context);

	@Override
	public final void canResume(IExecutionDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(canResume(context)));
	}

	@Override
	public final void canResumeSome(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).anyMatch(this::canResume)));
	}

	@Override
	public final void canResumeAll(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).allMatch(this::canResume)));
	}

	@Override
	public final void canSuspend(IExecutionDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(canSuspend(context)));
	}

	@Override
	public final void canSuspendSome(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).anyMatch(this::canSuspend)));
	}

	@Override
	public final void canSuspendAll(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).allMatch(this::canSuspend)));
	}

	@Override
	public final void isSuspendedSome(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).anyMatch(this::isSuspended)));
	}

	@Override
	public final void isSuspendedAll(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).allMatch(this::isSuspended)));
	}

	@Override
	public final void isSteppingSome(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).anyMatch(this::isStepping)));
	}

	@Override
	public final void isSteppingAll(IExecutionDMContext[] contexts, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(Arrays.stream(contexts).allMatch(this::isStepping)));
	}

	@Override
	public final void canStepSome(IExecutionDMContext[] contexts, StepType stepType, DataRequestMonitor<Boolean> rm) {
		canStep(contexts, 0, stepType, true, rm);
	}

	@Override
	public final void canStepAll(IExecutionDMContext[] contexts, StepType stepType, DataRequestMonitor<Boolean> rm) {
		canStep(contexts, 0, stepType, false, rm);
	}

	/** Asks the contexts from one on in turn, until one of them answers as {@code decisive} says. */
	private void canStep(IExecutionDMContext[] contexts, int from, StepType stepType, boolean decisive,
			DataRequestMonitor<Boolean> rm) {
		if (from == contexts.length) {
			rm.done(Boolean.valueOf(!decisive));
			return;
		}
		canStep(contexts[from], stepType, new DataRequestMonitor<Boolean>(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				if (getData().booleanValue() == decisive) {
					rm.done(Boolean.valueOf(decisive));
				} else {
					canStep(contexts, from + 1, stepType, decisive, rm);
				}
			}
		});
	}
}
