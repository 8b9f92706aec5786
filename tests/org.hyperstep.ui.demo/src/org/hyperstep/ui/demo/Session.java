/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.eclipse.cdt.dsf.concurrent.ImmediateRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.debug.service.IRunControl;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.cdt.dsf.service.DsfServicesTracker;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;
import org.hyperstep.dsf.service.VcpuDMContext;
import org.osgi.framework.FrameworkUtil;

/** The session under the demo: moves its first CPU by DSF's run control, as the Debug view does, and waits for stops. */
@SuppressWarnings("nls")
final class Session {
	private static final long SECONDS = 30;

	private final Stage stage;
	private final HypervisorGuestLaunch launch;
	private final Target guest;
	private final BlockingQueue<StopEvent> stops = new LinkedBlockingQueue<>();

	Session(Stage stage, HypervisorGuestLaunch launch, Target guest) {
		this.stage = stage;
		this.launch = launch;
		this.guest = guest;
		guest.addListener(new TargetListener() {
			@Override
			public void stopped(Target target, StopEvent event) {
				stops.add(event);
			}
		});
	}

	Target guest() {
		return guest;
	}

	/** Where the guest stands now. */
	StopEvent here() {
		return guest.lastStop().orElseThrow(() -> new AssertionError("the guest does not stand still"));
	}

	/** Makes a step and waits for its end. */
	StopEvent step(StepType type) throws Exception {
		return move("step", (control, rm) -> control.step(cpu(), type, rm));
	}

	/** Lets the guest run to its next stop. */
	StopEvent resume() throws Exception {
		return move("resume", (control, rm) -> control.resume(cpu(), rm));
	}

	private VcpuDMContext cpu() {
		return launch.guest().orElseThrow().cpus().get(0);
	}

	/** What is asked of run control, on the session's executor. */
	@FunctionalInterface
	private interface Motion {
		void ask(IRunControl control, RequestMonitor rm);
	}

	private StopEvent move(String what, Motion motion) throws Exception {
		stops.clear();
		CompletableFuture<Boolean> accepted = new CompletableFuture<>();
		withRunControl(control -> motion.ask(control, new ImmediateRequestMonitor() {
			@Override
			protected void handleCompleted() {
				if (isSuccess()) {
					accepted.complete(Boolean.TRUE);
				} else {
					accepted.completeExceptionally(new AssertionError(getStatus().getMessage()));
				}
			}
		}));
		stage.get(what, accepted);
		StopEvent stop = Optional.ofNullable(stops.poll(SECONDS, TimeUnit.SECONDS))
				.orElseThrow(() -> new AssertionError("no stop within " + SECONDS + " s after " + what));
		awaitSuspended();
		return stop;
	}

	/** Run control changes its state in its own event handler, after the engine's word. */
	private void awaitSuspended() throws Exception {
		CompletableFuture<Boolean> suspended = new CompletableFuture<>();
		lookSuspended(suspended);
		stage.get("run control to say suspended", suspended);
	}

	private void lookSuspended(CompletableFuture<Boolean> suspended) {
		withRunControl(control -> {
			if (control.isSuspended(cpu())) {
				suspended.complete(Boolean.TRUE);
			} else if (!suspended.isDone()) {
				lookSuspended(suspended);
			}
		});
	}

	private void withRunControl(Consumer<IRunControl> action) {
		launch.session().getExecutor().execute(() -> {
			DsfServicesTracker services = new DsfServicesTracker(
					FrameworkUtil.getBundle(Session.class).getBundleContext(), launch.session().getId());
			Optional<IRunControl> control = Optional.ofNullable(services.getService(IRunControl.class));
			services.dispose();
			control.ifPresent(action);
		});
	}
}
