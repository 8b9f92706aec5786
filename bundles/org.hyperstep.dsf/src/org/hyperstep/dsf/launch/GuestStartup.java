/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.eclipse.cdt.dsf.debug.service.BreakpointsMediator2;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.cdt.dsf.service.IDsfService;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.model.IMemoryBlockRetrieval;
import org.eclipse.debug.core.sourcelookup.ISourceLookupDirector;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.debug.embedded.EmbeddedTargets;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.service.BreakpointTranslator;
import org.hyperstep.dsf.service.Guest;
import org.hyperstep.dsf.service.GuestBreakpoints;
import org.hyperstep.dsf.service.GuestDisassembly;
import org.hyperstep.dsf.service.GuestExpressions;
import org.hyperstep.dsf.service.GuestMemory;
import org.hyperstep.dsf.service.GuestMemoryBlockRetrieval;
import org.hyperstep.dsf.service.GuestProcesses;
import org.hyperstep.dsf.service.GuestRegisters;
import org.hyperstep.dsf.service.GuestRunControl;
import org.hyperstep.dsf.service.GuestSourceLookup;
import org.hyperstep.dsf.service.GuestStack;
import org.hyperstep.dsf.service.SkipAllBreakpoints;
import org.hyperstep.symbols.Symbol;

/**
 * The start of a launch, on the launch's job. Each step says what it is called for the progress view; before each of them
 * the launch may be cancelled, and then, as after a failure, nothing is left running.
 */
final class GuestStartup {

	/** A step: its name for a user, and what it does. */
	private record Step(String name, Action action) {
	}

	/** What a step does. */
	@FunctionalInterface
	private interface Action {
		void perform(SubMonitor progress) throws CoreException, InterruptedException;
	}

	private static final long CANCEL_POLL_MILLIS = 50;

	private final HypervisorGuestLaunch launch;
	private final ILaunchConfiguration configuration;
	private final SessionPolicy policy;
	private final ISourceLookupDirector sources;
	private @Nullable GuestSession built;
	private @Nullable GuestProcess process;
	private @Nullable GuestRunControl runControl;

	GuestStartup(HypervisorGuestLaunch launch, ILaunchConfiguration configuration, ISourceLookupDirector sources)
			throws CoreException {
		this.launch = launch;
		this.configuration = configuration;
		this.sources = sources;
		this.policy = new SessionPolicy(configuration);
	}

	/** What is done, in this order, to debug a guest. */
	private List<Step> toDebug() {
		return List.of(
				// First what fails on bad input: nothing else exists yet.
				new Step(Messages.Startup_machine, this::buildMachine),
				// While all virtual CPUs stand still, and before anybody is told how they do.
				new Step(Messages.Startup_mode, progress -> chooseMode()),
				// The console listens before the guest can say anything.
				new Step(Messages.Startup_console, progress -> connectSerialLine()),
				// All other services listen to run control's events and ask it for the guest's state.
				new Step(Messages.Startup_runControl, progress -> startRunControl()),
				// Told of the guest's end after run control, so that the session hears of it before it ends, too.
				new Step(Messages.Startup_end, progress -> endWithGuest()),
				new Step(Messages.Startup_processes, progress -> start(new GuestProcesses(guest()))),
				new Step(Messages.Startup_memory, progress -> start(new GuestMemory(guest()))),
				new Step(Messages.Startup_stack, progress -> start(new GuestStack(guest()))),
				new Step(Messages.Startup_registers, progress -> start(new GuestRegisters(guest()))),
				new Step(Messages.Startup_expressions, progress -> start(new GuestExpressions(guest()))),
				new Step(Messages.Startup_disassembly, progress -> start(new GuestDisassembly(guest()))),
				// Views of frames and breakpoints resolve files.
				new Step(Messages.Startup_sourceLookup, progress -> start(new GuestSourceLookup(guest(), sources))),
				new Step(Messages.Startup_breakpointService, progress -> start(new GuestBreakpoints(guest()))),
				// Before the guest moves, so that it can't run past one.
				new Step(Messages.Startup_breakpoints, progress -> trackBreakpoints()),
				// From here on the guest may end by itself.
				new Step(Messages.Startup_go, progress -> runToFirstStop()),
				// Last: the views find all services, and don't show the boot code that the guest runs through.
				new Step(Messages.Startup_views, progress -> fillViews()));
	}

	/** What is done, in this order, to run a guest without a debugger. */
	private List<Step> toRun() {
		return List.of(new Step(Messages.Startup_machine, this::buildMachine),
				new Step(Messages.Startup_console, progress -> connectSerialLine()),
				new Step(Messages.Startup_end, progress -> endWithGuest()),
				// Without a debugger nobody could look at a stop: it ends the guest, with a message.
				new Step(Messages.Startup_go, progress -> runFreely()));
	}

	/**
	 * Makes all steps.
	 *
	 * @throws CoreException              with a message for the user; the launch has ended then
	 * @throws OperationCanceledException if the user cancelled or terminated the launch; it has ended then
	 */
	void perform(IProgressMonitor monitor) throws CoreException {
		boolean debug = ILaunchManager.DEBUG_MODE.equals(launch.getLaunchMode());
		List<Step> steps = debug ? toDebug() : toRun();
		SubMonitor progress = SubMonitor.convert(monitor,
				Messages.bind(Messages.Startup_task, configuration.getName()), steps.size());
		boolean complete = false;
		try {
			for (Step step : steps) {
				checkCancelled(progress);
				progress.subTask(step.name());
				step.action().perform(progress);
				progress.worked(1);
			}
			complete = true;
		} catch (InterruptedException stop) {
			throw new OperationCanceledException();
		} catch (CoreException failure) {
			// What fails because the user has ended the guest is no failure.
			checkCancelled(progress);
			// Nor is what fails because a short guest has run to its end already.
			complete = launch.target().flatMap(Target::exitStatus).isPresent();
			if (!complete) {
				throw failure;
			}
		} finally {
			if (!complete) {
				abandon();
			}
		}
	}

	private void checkCancelled(SubMonitor progress) {
		if (isCancelled(progress)) {
			throw new OperationCanceledException();
		}
	}

	private boolean isCancelled(SubMonitor progress) {
		return progress.isCanceled() || launch.isTerminateRequested();
	}

	private void abandon() {
		launch.target().ifPresent(Target::terminate);
		launch.end();
	}

	private GuestSession session() {
		return Objects.requireNonNull(built);
	}

	private Guest guest() {
		return session().guest();
	}

	private Target target() {
		return guest().target();
	}

	private void buildMachine(SubMonitor progress) throws CoreException, InterruptedException {
		TargetConfiguration engine = GuestConfiguration.of(configuration, policy.initial());
		Target target = await(EmbeddedTargets.launch(engine), progress);
		GuestSession session = new GuestSession(Guest.of(launch.session(), target));
		built = session;
		launch.running(session);
		// What a user has terminated already refuses to be terminated.
		session.built(() -> target.terminate().handle((done, refusal) -> Boolean.TRUE));
		HypervisorPreferences.Registration following = policy.follow(target);
		session.built(following::close);
	}

	private void chooseMode() throws CoreException, InterruptedException {
		try {
			target().setNonStop(LaunchAttributes.NON_STOP.get(configuration).booleanValue()).get();
		} catch (ExecutionException refusal) {
			throw HyperstepDsf.failure(String.valueOf(refusal.getCause().getMessage()), refusal.getCause());
		}
	}

	/** Reading the symbols of a large image takes a while: the user may cancel it. */
	private Target await(CompletableFuture<Target> launching, SubMonitor progress)
			throws CoreException, InterruptedException {
		try {
			while (true) {
				try {
					return launching.get(CANCEL_POLL_MILLIS, TimeUnit.MILLISECONDS);
				} catch (TimeoutException notYet) {
					if (isCancelled(progress)) {
						launching.cancel(true);
						// What is ready in this moment is not wanted any more.
						launching.thenAccept(Target::terminate);
						throw new OperationCanceledException();
					}
				}
			}
		} catch (ExecutionException refusal) {
			Throwable cause = refusal.getCause();
			String text = cause instanceof TargetException ? cause.getMessage() : cause.toString();
			throw HyperstepDsf.failure(Messages.bind(Messages.Startup_failed, text), cause);
		}
	}

	private void connectSerialLine() {
		GuestProcess made = new GuestProcess(launch, target());
		process = made;
		whenEnded(made::ended);
	}

	private void startRunControl() throws CoreException, InterruptedException {
		GuestRunControl made = new GuestRunControl(guest());
		runControl = made;
		start(made);
	}

	private void endWithGuest() {
		whenEnded(status -> launch.end());
	}

	/** Does something at the guest's end, at once where it has ended already. */
	private void whenEnded(Consumer<ExitStatus> action) {
		AtomicBoolean done = new AtomicBoolean();
		Consumer<ExitStatus> once = status -> {
			if (done.compareAndSet(false, true)) {
				action.accept(status);
			}
		};
		target().addListener(new TargetListener() {
			@Override
			public void exited(Target exited, ExitStatus status) {
				once.accept(status);
			}
		});
		target().exitStatus().ifPresent(once);
	}

	private void start(IDsfService service) throws CoreException, InterruptedException {
		session().start(service);
	}

	private void trackBreakpoints() throws CoreException, InterruptedException {
		BreakpointTranslator translator = new BreakpointTranslator(guest());
		BreakpointsMediator2 mediator = new BreakpointsMediator2(launch.session(), translator);
		start(mediator);
		SkipAllBreakpoints following = new SkipAllBreakpoints(mediator, translator);
		session().built(following::close);
		session().perform(rm -> mediator.startTrackingBreakpoints(guest().context(), rm));
	}

	private void fillViews() throws CoreException, InterruptedException {
		GuestMemoryBlockRetrieval memory = new GuestMemoryBlockRetrieval(guest(), configuration);
		launch.session().registerModelAdapter(IMemoryBlockRetrieval.class, memory);
		session().built(memory::saveMemoryBlocks);
		GuestRunControl present = Objects.requireNonNull(runControl);
		session().perform(rm -> {
			memory.initialize(guest().context());
			present.announce();
			rm.done();
		});
	}

	private void runToFirstStop() throws CoreException, InterruptedException {
		String symbol = LaunchAttributes.STOP_AT.get(configuration).strip();
		if (symbol.isEmpty()) {
			return;
		}
		Optional<Long> address = addressOf(symbol);
		if (address.isPresent()) {
			GuestRunControl present = Objects.requireNonNull(runControl);
			if (target().nonStop() && guest().cpus().size() > 1) {
				// Nothing has stopped the others: they wait for the first one, which may wait for them.
				IExecutionDMContext[] others = guest().cpus().stream().skip(1).toArray(IExecutionDMContext[]::new);
				session().perform(rm -> present.resume(others, rm));
			}
			session().perform(rm -> present.runTo(guest().cpus().get(0), address.get(), rm));
		} else {
			process().tell(Messages.bind(Messages.Startup_noSymbol, symbol));
		}
	}

	/** Of a function, where its frame has been set up; of any other symbol, where it stands. */
	private Optional<Long> addressOf(String symbol) {
		return target().symbols().afterPrologue(symbol)
				.or(() -> target().symbols().symbol(symbol).map(Symbol::linear));
	}

	private void runFreely() {
		target().addListener(new TargetListener() {
			@Override
			public void stopped(Target stopped, StopEvent event) {
				process().fail(describe(event));
				stopped.terminate();
			}
		});
		target().resume();
	}

	private static String describe(StopEvent event) {
		String place = "0x" + Long.toHexString(event.linear()); //$NON-NLS-1$
		return switch (event) {
			case StopEvent.Halted halted -> Messages.bind(Messages.Run_halted, place);
			case StopEvent.TripleFault fault -> Messages.bind(Messages.Run_tripleFault, place);
			case StopEvent.Failure failure -> failure.text();
			default -> Messages.bind(Messages.Run_stopped, place);
		};
	}

	private GuestProcess process() {
		return Objects.requireNonNull(process);
	}
}
