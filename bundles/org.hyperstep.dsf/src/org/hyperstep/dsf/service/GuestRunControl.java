/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.DsfRunnable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.datamodel.DataModelInitializedEvent;
import org.eclipse.cdt.dsf.debug.service.IMultiRunControl;
import org.eclipse.cdt.dsf.debug.service.IRunControl;
import org.eclipse.cdt.dsf.debug.service.IRunControl2;
import org.eclipse.cdt.dsf.debug.service.IStack;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.dsf.service.CpuStates.State;
import org.hyperstep.dsf.service.EngineEvents.Motion;

/**
 * Run control. In all-stop mode all virtual CPUs stop and resume together, and a step moves one of them; in non-stop mode
 * each stops and resumes for itself. What is said here of a CPU's state changes in this service's own event handlers only,
 * so that no client sees an event and a state that disagree.
 */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestRunControl extends PlaceRunControl {

	/** A request that ends when the CPUs that it is about have started to move. */
	private record Start(BitSet cpus, RequestMonitor request) {
	}

	private final List<Start> starts = new ArrayList<>();
	private final EngineEvents engine;
	private final CpuStates cpus;
	private @Nullable ExitStatus exit;

	/** Makes the service; it follows the target from its initialization on. */
	public GuestRunControl(Guest guest) {
		super(guest, IRunControl.class, IRunControl2.class, IMultiRunControl.class, GuestRunControl.class);
		this.engine = new EngineEvents(guest, this::dispatch);
		this.cpus = new CpuStates(guest.cpus().size());
	}

	@Override
	void doInitialize() {
		for (int cpu = 0; cpu < cpus.count(); cpu++) {
			int number = cpu;
			target().lastStop(cpu).ifPresentOrElse(
					stop -> cpus.stopped(number, stop, StateChangeReason.USER_REQUEST),
					() -> cpus.set(only(number), State.RUNNING));
		}
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
		cpus.set(event.cpus(), event.getReason() == StateChangeReason.STEP ? State.STEPPING : State.RUNNING);
		List<Start> begun = starts.stream()
				.filter(start -> start.cpus().stream().noneMatch(cpu -> cpus.of(cpu) == State.RESUMING)).toList();
		starts.removeAll(begun);
		begun.forEach(start -> start.request().done());
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Suspended event) {
		event.cpus().stream().forEach(cpu -> cpus.stopped(cpu, event.stop(), event.getReason()));
		// Unless it is ordered here, what moves a CPU next is the delivery of an event, which is a step.
		engine.ordered(event.cpus(), Motion.STEP);
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Exited event) {
		cpus.set(all(), State.EXITED);
		exit = event.status();
	}

	/** Tells views that everything is there to look at. */
	public void announce() {
		dispatch(new DataModelInitializedEvent(guest.context()));
	}

	/** Why the guest stands still, by its newest stop; empty while any CPU runs or the guest has ended. */
	public Optional<StopEvent> lastStop() {
		return cpus.stop();
	}

	/** The stop that a context itself caused: a virtual CPU, or the guest; empty while it runs. */
	public Optional<StopEvent> lastStop(IExecutionDMContext context) {
		return cpus.ownStop(context);
	}

	/** How the guest ended; empty while it has not. */
	public Optional<ExitStatus> exitStatus() {
		return Optional.ofNullable(exit);
	}

	/** The guest and its virtual CPUs. */
	public Guest guest() {
		return guest;
	}

	/** How many virtual CPUs of the guest move now. */
	public int moving() {
		return cpus.those(guest.context(), State::moves).cardinality();
	}

	// What it is doing

	@Override
	public boolean isSuspended(IExecutionDMContext context) {
		return cpus.all(context, State::stands);
	}

	@Override
	public boolean isStepping(IExecutionDMContext context) {
		return cpus.any(context, State.STEPPING::equals);
	}

	@Override
	boolean canResume(IExecutionDMContext context) {
		return cpus.any(context, State.SUSPENDED::equals);
	}

	@Override
	boolean canSuspend(IExecutionDMContext context) {
		return cpus.any(context, State::moves);
	}

	@Override
	public void canStep(IExecutionDMContext context, StepType stepType, DataRequestMonitor<Boolean> rm) {
		if (!canResume(context)) {
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
		String details = cpus.ownStop(context).map(StopTexts::details).orElse(""); //$NON-NLS-1$
		rm.done(new ExecutionData(cpus.reason(context), details));
	}

	// Making it move

	@Override
	public void resume(IExecutionDMContext context, RequestMonitor rm) {
		resume(new IExecutionDMContext[] { context }, rm);
	}

	/** Lets those of the contexts' virtual CPUs run that stand still; in all-stop mode the guest. */
	@Override
	public void resume(IExecutionDMContext[] contexts, RequestMonitor rm) {
		BitSet wanted = concerned(contexts, State.SUSPENDED::equals);
		move(rm, wanted, Motion.RUN, () -> target().nonStop() ? each(wanted, target()::resume) : target().resume());
	}

	@Override
	public void step(IExecutionDMContext context, StepType stepType, RequestMonitor rm) {
		step(new IExecutionDMContext[] { context }, stepType, rm);
	}

	/** Steps a virtual CPU of each context; in all-stop mode, where a step is one of the guest, of the first. */
	@Override
	public void step(IExecutionDMContext[] contexts, StepType stepType, RequestMonitor rm) {
		BitSet stepped = new BitSet();
		Arrays.stream(contexts).filter(this::canResume).limit(target().nonStop() ? contexts.length : 1)
				.forEach(context -> stepped.set(stepping(context).cpu()));
		move(rm, stepped, Motion.STEP, () -> each(stepped, cpu -> target().step(cpu, kind(stepType))));
	}

	@Override
	public void suspend(IExecutionDMContext context, RequestMonitor rm) {
		suspend(new IExecutionDMContext[] { context }, rm);
	}

	/** Stops those of the contexts' virtual CPUs that move; in all-stop mode the guest. */
	@Override
	public void suspend(IExecutionDMContext[] contexts, RequestMonitor rm) {
		BitSet wanted = concerned(contexts, state -> state != State.SUSPENDED);
		if (wanted.isEmpty()) {
			fail(rm, INVALID_STATE, Messages.RunControl_notRunning);
			return;
		}
		relay(target().nonStop() ? each(wanted, target()::suspend) : target().suspend(), rm);
	}

	private BitSet concerned(IExecutionDMContext[] contexts, Predicate<State> state) {
		BitSet found = new BitSet();
		Arrays.stream(contexts).forEach(context -> found.or(cpus.those(context, state)));
		return found;
	}

	private BitSet all() {
		BitSet all = new BitSet();
		all.set(0, cpus.count());
		return all;
	}

	private static BitSet only(int cpu) {
		BitSet one = new BitSet();
		one.set(cpu);
		return one;
	}

	private static CompletableFuture<?> each(BitSet cpus, IntFunction<CompletableFuture<?>> order) {
		return CompletableFuture.allOf(cpus.stream().mapToObj(order).toArray(CompletableFuture[]::new));
	}

	/**
	 * The virtual CPU that a step of a context moves. Of the guest as a whole it is the one that caused the newest stop, or
	 * where that moves the first that stands still.
	 */
	@Override
	VcpuDMContext stepping(IExecutionDMContext context) {
		return Guest.vcpuOf(context).orElseGet(() -> guest.cpus().get(cpus.stop().map(StopEvent::cpu).orElseGet(
				() -> Math.max(0, cpus.those(context, State.SUSPENDED::equals).nextSetBit(0)))));
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

	/** Starts a motion of virtual CPUs that stand still. The request ends when they move, or when the engine refuses. */
	private void move(RequestMonitor rm, BitSet wanted, Motion kind, Supplier<CompletableFuture<?>> order) {
		if (wanted.isEmpty() || wanted.stream().anyMatch(cpu -> cpus.of(cpu) != State.SUSPENDED)) {
			fail(rm, INVALID_STATE, Messages.RunControl_running);
			return;
		}
		BitSet moved = target().nonStop() ? wanted : all();
		cpus.set(moved, State.RESUMING);
		engine.ordered(moved, kind);
		Start start = new Start(moved, rm);
		starts.add(start);
		order.get().whenComplete((done, failure) -> {
			if (failure != null) {
				refused(start, failure);
			}
		});
	}

	/** Any thread. A motion that had begun before it failed has an event of its own. */
	@ThreadSafe
	private void refused(Start start, Throwable failure) {
		try {
			getExecutor().execute(new DsfRunnable() {
				@Override
				public void run() {
					if (starts.remove(start)) {
						start.cpus().stream().filter(cpu -> cpus.of(cpu) == State.RESUMING)
								.forEach(cpu -> cpus.set(only(cpu), State.SUSPENDED));
						fail(start.request(), failure);
					}
				}
			});
		} catch (RejectedExecutionException sessionIsOver) {
			fail(start.request(), sessionIsOver);
		}
	}

	// To a place

	@Override
	void runTo(VcpuDMContext vcpu, long linear, RequestMonitor rm) {
		move(rm, only(vcpu.cpu()), Motion.RUN, () -> target().runTo(vcpu.cpu(), linear));
	}

	/** The stop is told again, because everything that follows from it is new. */
	@Override
	void moved(VcpuDMContext vcpu, long linear) {
		dispatch(RunControlEvents.suspended(guest, target().nonStop(), new StopEvent.Suspended(vcpu.cpu(), linear),
				StateChangeReason.USER_REQUEST));
	}
}
