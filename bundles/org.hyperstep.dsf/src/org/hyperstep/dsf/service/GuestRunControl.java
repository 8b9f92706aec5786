/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.DsfRunnable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.datamodel.DataModelInitializedEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl;
import org.eclipse.cdt.dsf.debug.service.IRunControl2;
import org.eclipse.cdt.dsf.debug.service.IStack;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.dsf.service.EngineEvents.Motion;

/**
 * Run control. All virtual CPUs stop and resume together; a step moves one of them. What is said here of the guest's state
 * changes in this service's own event handlers only, so that no client sees an event and a state that disagree.
 */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestRunControl extends GuestService implements IRunControl2 {

	/** Where the guest is between two events. */
	private enum State {
		SUSPENDED, RESUMING, RUNNING, STEPPING, EXITED
	}

	/** Requests that end when the guest has started to move. */
	private final List<RequestMonitor> resuming = new ArrayList<>();
	private final EngineEvents engine;
	private State state = State.SUSPENDED;
	private @Nullable StopEvent stop;
	private StateChangeReason stopReason = StateChangeReason.USER_REQUEST;
	private @Nullable ExitStatus exit;

	/** Makes the service; it follows the target from its initialization on. */
	public GuestRunControl(Guest guest) {
		super(guest, IRunControl.class, IRunControl2.class, GuestRunControl.class);
		this.engine = new EngineEvents(guest, this::dispatch);
	}

	@Override
	void doInitialize() {
		target().lastStop().ifPresent(event -> stop = event);
		state = target().running() ? State.RUNNING : State.SUSPENDED;
		getSession().addServiceEventListener(this, null);
		target().addListener(engine);
	}

	@Override
	void doShutdown() {
		target().removeListener(engine);
		getSession().removeServiceEventListener(this);
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Resumed event) {
		state = event.getReason() == StateChangeReason.STEP ? State.STEPPING : State.RUNNING;
		stop = null;
		List<RequestMonitor> started = List.copyOf(resuming);
		resuming.clear();
		started.forEach(RequestMonitor::done);
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Suspended event) {
		state = State.SUSPENDED;
		stop = event.stop();
		stopReason = event.getReason();
		// Unless it is ordered here, what moves the guest next is the delivery of an event, which is a step.
		engine.ordered(Motion.STEP);
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Exited event) {
		state = State.EXITED;
		stop = null;
		exit = event.status();
	}

	/** Tells views that everything is there to look at. */
	public void announce() {
		dispatch(new DataModelInitializedEvent(guest.context()));
	}

	/** Why the guest stands still; empty while it runs or has ended. */
	public Optional<StopEvent> lastStop() {
		return Optional.ofNullable(stop);
	}

	/** How the guest ended; empty while it has not. */
	public Optional<ExitStatus> exitStatus() {
		return Optional.ofNullable(exit);
	}

	/** The guest and its virtual CPUs. */
	public Guest guest() {
		return guest;
	}

	// What it is doing

	@Override
	public boolean isSuspended(IExecutionDMContext context) {
		return state == State.SUSPENDED || state == State.RESUMING;
	}

	@Override
	public boolean isStepping(IExecutionDMContext context) {
		return state == State.STEPPING;
	}

	@Override
	public void canResume(IExecutionDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(state == State.SUSPENDED));
	}

	@Override
	public void canSuspend(IExecutionDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(state == State.RUNNING || state == State.STEPPING));
	}

	@Override
	public void canStep(IExecutionDMContext context, StepType stepType, DataRequestMonitor<Boolean> rm) {
		if (state != State.SUSPENDED) {
			rm.done(Boolean.FALSE);
			return;
		}
		Optional<IStack> stack = service(IStack.class);
		if (kind(stepType) != StepKind.RETURN || stack.isEmpty()) {
			rm.done(Boolean.TRUE);
			return;
		}
		stack.get().getStackDepth(stepping(context), 2, new DataRequestMonitor<Integer>(getExecutor(), rm) {
			@Override
			protected void handleCompleted() {
				rm.done(Boolean.valueOf(isSuccess() && getData().intValue() > 1));
			}
		});
	}

	@Override
	public void getExecutionContexts(IContainerDMContext container, DataRequestMonitor<IExecutionDMContext[]> rm) {
		rm.done(guest.cpus().toArray(IExecutionDMContext[]::new));
	}

	@Override
	public void getExecutionData(IExecutionDMContext context, DataRequestMonitor<IExecutionDMData> rm) {
		rm.done(new ExecutionData(reason(context), details(context)));
	}

	private StateChangeReason reason(IExecutionDMContext context) {
		StopEvent event = stop;
		if (event == null) {
			return state == State.STEPPING ? StateChangeReason.STEP : StateChangeReason.USER_REQUEST;
		}
		return concerns(event, context) ? stopReason : StateChangeReason.CONTAINER;
	}

	private String details(IExecutionDMContext context) {
		StopEvent event = stop;
		return event != null && concerns(event, context) ? StopTexts.details(event) : ""; //$NON-NLS-1$
	}

	private static boolean concerns(StopEvent event, IExecutionDMContext context) {
		return !(context instanceof VcpuDMContext vcpu) || vcpu.cpu() == event.cpu();
	}

	// Making it move

	@Override
	public void resume(IExecutionDMContext context, RequestMonitor rm) {
		move(rm, Motion.RUN, () -> target().resume());
	}

	@Override
	public void step(IExecutionDMContext context, StepType stepType, RequestMonitor rm) {
		move(rm, Motion.STEP, () -> target().step(stepping(context).cpu(), kind(stepType)));
	}

	@Override
	public void suspend(IExecutionDMContext context, RequestMonitor rm) {
		if (state == State.SUSPENDED) {
			fail(rm, INVALID_STATE, Messages.RunControl_notRunning);
			return;
		}
		relay(target().suspend(), rm);
	}

	/** The virtual CPU that a step of a context moves: of the guest as a whole, the one that caused the stop. */
	private VcpuDMContext stepping(IExecutionDMContext context) {
		StopEvent event = stop;
		return Guest.vcpuOf(context).orElseGet(() -> guest.cpus().get(event == null ? 0 : event.cpu()));
	}

	private static StepKind kind(StepType type) {
		return switch (type) {
			case STEP_OVER -> StepKind.LINE_OVER;
			case STEP_INTO -> StepKind.LINE_INTO;
			case STEP_RETURN, INSTRUCTION_STEP_RETURN -> StepKind.RETURN;
			case INSTRUCTION_STEP_OVER -> StepKind.INSTRUCTION_OVER;
			case INSTRUCTION_STEP_INTO -> StepKind.INSTRUCTION_INTO;
		};
	}

	/** Starts a motion. The request ends when the guest moves, or when the engine refuses. */
	private void move(RequestMonitor rm, Motion kind, Supplier<CompletableFuture<?>> order) {
		if (state != State.SUSPENDED) {
			fail(rm, INVALID_STATE, Messages.RunControl_running);
			return;
		}
		state = State.RESUMING;
		engine.ordered(kind);
		resuming.add(rm);
		order.get().whenComplete((done, failure) -> {
			if (failure != null) {
				refused(rm, failure);
			}
		});
	}

	/** Any thread. A motion that had begun before it failed has an event of its own. */
	@ThreadSafe
	private void refused(RequestMonitor rm, Throwable failure) {
		try {
			getExecutor().execute(new DsfRunnable() {
				@Override
				public void run() {
					if (resuming.remove(rm)) {
						state = State.SUSPENDED;
						fail(rm, failure);
					}
				}
			});
		} catch (RejectedExecutionException sessionIsOver) {
			fail(rm, sessionIsOver);
		}
	}

	// To a place

	@Override
	public void canRunToLine(IExecutionDMContext context, String sourceFile, int lineNumber,
			DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public void runToLine(IExecutionDMContext context, String sourceFile, int lineNumber, boolean skipBreakpoints,
			RequestMonitor rm) {
		withLine(sourceFile, lineNumber, rm, linear -> runTo(context, linear, rm));
	}

	@Override
	public void canRunToAddress(IExecutionDMContext context, IAddress address, DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public void runToAddress(IExecutionDMContext context, IAddress address, boolean skipBreakpoints,
			RequestMonitor rm) {
		runTo(context, address.getValue().longValue(), rm);
	}

	/** Runs the virtual CPU of a context, or one of the guest's, to a linear address. */
	public void runTo(IExecutionDMContext context, long linear, RequestMonitor rm) {
		move(rm, Motion.RUN, () -> target().runTo(stepping(context).cpu(), linear));
	}

	@Override
	public void canMoveToLine(IExecutionDMContext context, String sourceFile, int lineNumber, boolean resume,
			DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public void moveToLine(IExecutionDMContext context, String sourceFile, int lineNumber, boolean resume,
			RequestMonitor rm) {
		withLine(sourceFile, lineNumber, rm, linear -> moveTo(context, linear, resume, rm));
	}

	@Override
	public void canMoveToAddress(IExecutionDMContext context, IAddress address, boolean resume,
			DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public void moveToAddress(IExecutionDMContext context, IAddress address, boolean resume, RequestMonitor rm) {
		moveTo(context, address.getValue().longValue(), resume, rm);
	}

	/** Goes on with the address of a source line. */
	private interface WithAddress {
		void proceed(long linear);
	}

	private void withLine(String sourceFile, int line, RequestMonitor rm, WithAddress next) {
		CompletableFuture<long[]> addresses = CompletableFuture
				.supplyAsync(() -> target().symbols().breakpointAddresses(sourceFile, line));
		relay(addresses, new DataRequestMonitor<long[]>(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				if (getData().length == 0) {
					fail(rm, REQUEST_FAILED, Messages.bind(Messages.RunControl_noCode, sourceFile, line));
				} else {
					next.proceed(getData()[0]);
				}
			}
		});
	}

	/** Moves the instruction pointer; the stop is told again, because everything that follows from it is new. */
	private void moveTo(IExecutionDMContext context, long linear, boolean resume, RequestMonitor rm) {
		int cpu = stepping(context).cpu();
		relay(target().writeRegister(cpu, "rip", linear), new RequestMonitor(getExecutor(), rm) { //$NON-NLS-1$
			@Override
			protected void handleSuccess() {
				if (resume) {
					GuestRunControl.this.resume(context, rm);
				} else {
					dispatch(new RunControlEvents.Suspended(guest, new StopEvent.Suspended(cpu, linear),
							StateChangeReason.USER_REQUEST));
					rm.done();
				}
			}
		});
	}
}
