/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Query;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.debug.service.IRunControl.ISuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.cdt.dsf.service.DsfServicesTracker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.model.IProcess;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.service.Guest;
import org.hyperstep.dsf.service.GuestRunControl;
import org.hyperstep.dsf.service.VcpuDMContext;
import org.hyperstep.samples.Sample;
import org.osgi.framework.FrameworkUtil;

/** A guest launched as a user launches it, with the waiting that tests need. */
@SuppressWarnings("nls")
public final class LaunchedGuest implements AutoCloseable {
	static final long PATIENCE_SECONDS = 120;

	private final HypervisorGuestLaunch launch;
	private final SessionEvents events;
	private final DsfServicesTracker services;

	/** What a test asks of a service, on the session's executor. */
	@FunctionalInterface
	public interface Question<V> {
		void ask(DataRequestMonitor<V> rm);
	}

	/** What a test orders, on the session's executor. */
	@FunctionalInterface
	public interface Order {
		void give(RequestMonitor rm);
	}

	private LaunchedGuest(HypervisorGuestLaunch launch, SessionEvents events) {
		this.launch = launch;
		this.events = events;
		this.services = new DsfServicesTracker(
				FrameworkUtil.getBundle(HyperstepDsf.class).getBundleContext(), launch.session().getId());
	}

	/** A launch configuration of a sample; it is never saved. */
	public static ILaunchConfigurationWorkingCopy configuration(Sample sample) throws CoreException, IOException {
		return configuration(image(sample).toString());
	}

	/** A launch configuration of an image. */
	public static ILaunchConfigurationWorkingCopy configuration(String image) throws CoreException {
		ILaunchManager manager = manager();
		ILaunchConfigurationWorkingCopy configuration = manager.getLaunchConfigurationType(HyperstepDsf.LAUNCH_TYPE)
				.newInstance(null, manager.generateLaunchConfigurationName("test"));
		LaunchAttributes.IMAGE.set(configuration, image);
		LaunchAttributes.MEMORY.set(configuration, "64M");
		return configuration;
	}

	/** The image of a sample in a temporary directory. */
	static Path image(Sample sample) throws IOException {
		Path directory = Files.createTempDirectory("hyperstep-test");
		directory.toFile().deleteOnExit();
		Path image = sample.copyTo(directory);
		image.toFile().deleteOnExit();
		return image;
	}

	static ILaunchManager manager() {
		return DebugPlugin.getDefault().getLaunchManager();
	}

	/** Debugs a sample; the guest is on its way to its first stop. */
	public static LaunchedGuest debug(Sample sample) throws Exception {
		return debug(configuration(sample));
	}

	/** Debugs a configuration. */
	public static LaunchedGuest debug(ILaunchConfigurationWorkingCopy configuration) throws CoreException {
		return launch(configuration, ILaunchManager.DEBUG_MODE);
	}

	/** Launches a configuration in a mode. */
	public static LaunchedGuest launch(ILaunchConfigurationWorkingCopy configuration, String mode)
			throws CoreException {
		SessionEvents events = new SessionEvents();
		try {
			ILaunch launch = configuration.launch(mode, new NullProgressMonitor());
			return new LaunchedGuest((HypervisorGuestLaunch) launch, events);
		} finally {
			events.close();
		}
	}

	/** Debugs a sample and waits until it stands at its {@code main}. */
	public static LaunchedGuest atMain(Sample sample) throws Exception {
		LaunchedGuest guest = debug(sample);
		guest.awaitStop();
		return guest;
	}

	public HypervisorGuestLaunch launch() {
		return launch;
	}

	public Guest guest() {
		return launch.guest().orElseThrow();
	}

	public Target target() {
		return guest().target();
	}

	public VcpuDMContext vcpu() {
		return guest().cpus().get(0);
	}

	IProcess process() {
		return launch.getProcesses()[0];
	}

	/** A service of the session. */
	public <S> S service(Class<S> type) throws Exception {
		return query(rm -> rm.done(services.getService(type)));
	}

	GuestRunControl runControl() throws Exception {
		return service(GuestRunControl.class);
	}

	/** Asks something on the session's executor and waits for the answer. */
	public <V> V query(Question<V> question) throws Exception {
		Query<V> query = new Query<>() {
			@Override
			protected void execute(DataRequestMonitor<V> rm) {
				question.ask(rm);
			}
		};
		launch.session().getExecutor().execute(query);
		try {
			return query.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		} catch (ExecutionException failure) {
			throw failure.getCause() instanceof Exception cause ? cause : failure;
		}
	}

	/** Orders something on the session's executor and waits until it is done. */
	public void order(Order order) throws Exception {
		query((DataRequestMonitor<Boolean> rm) -> order.give(new RequestMonitor(launch.session().getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				rm.done(Boolean.TRUE);
			}
		}));
	}

	/** Waits for the next stop. */
	public ISuspendedDMEvent awaitStop() throws InterruptedException {
		return events.awaitStop();
	}

	SessionEvents events() {
		return events;
	}

	/** Makes a step of the first CPU and waits for its end. */
	public ISuspendedDMEvent step(StepType type) throws Exception {
		GuestRunControl runControl = runControl();
		order(rm -> runControl.step(vcpu(), type, rm));
		return awaitStop();
	}

	/** Lets the guest run. */
	public void resume() throws Exception {
		GuestRunControl runControl = runControl();
		order(rm -> runControl.resume(guest().context(), rm));
	}

	/** Linear address of the next instruction of the first CPU. */
	public long rip() throws Exception {
		return await(target().registers(0)).value("rip");
	}

	/** The function that the first CPU is in. */
	public String function() throws Exception {
		return target().symbols().functionAt(rip()).orElseThrow().name();
	}

	/** The address of a symbol of the image. */
	public long address(String symbol) {
		return target().symbols().symbol(symbol).orElseThrow().linear();
	}

	/** Runs the first CPU to a symbol and waits for the stop. */
	public void runTo(String symbol) throws Exception {
		await(target().runTo(0, address(symbol)));
		awaitStop();
	}

	/** Waits for an answer of the engine. */
	public static <V> V await(CompletableFuture<V> answer) throws Exception {
		try {
			return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		} catch (ExecutionException failure) {
			throw failure.getCause() instanceof Exception cause ? cause : failure;
		}
	}

	/** Ends the launch, waits until nothing is left of it, and takes it from the list. */
	@Override
	public void close() throws Exception {
		launch.terminate();
		await(launch.ended());
		manager().removeLaunch(launch);
		services.dispose();
	}
}
