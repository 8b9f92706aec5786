/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.cdt.dsf.concurrent.DefaultDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.model.DsfLaunch;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.core.runtime.IAdaptable;
import org.eclipse.core.runtime.Platform;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.ISourceLocator;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.service.Guest;

/**
 * One launch of a guest: its DSF session, its target and its process, from the first step of the start-up to the last of
 * the shut-down. It can be terminated at any time, also while it starts; it has ended when nothing is left of it.
 */
@ThreadSafe
public final class HypervisorGuestLaunch extends DsfLaunch {
	private final DefaultDsfExecutor executor;
	private final DsfSession session;
	private final AtomicBoolean ending = new AtomicBoolean();
	private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
	private volatile boolean terminateRequested;
	private volatile boolean removed;
	private volatile @Nullable GuestSession running;

	/** Makes a launch whose session is active and has no services yet. */
	public HypervisorGuestLaunch(ILaunchConfiguration configuration, String mode, ISourceLocator locator) {
		super(configuration, mode, locator);
		executor = new DefaultDsfExecutor(HyperstepDsf.DEBUG_MODEL);
		executor.prestartCoreThread();
		session = DsfSession.startSession(executor, HyperstepDsf.DEBUG_MODEL);
		// So that everything in the session is known to belong to this launch.
		session.registerModelAdapter(ILaunch.class, this);
		LiveLaunches.add(this);
	}

	/** The launch that something in Eclipse belongs to: a context of the Debug view, of the data model, a process. */
	public static Optional<HypervisorGuestLaunch> of(@Nullable Object selected) {
		if (selected instanceof HypervisorGuestLaunch launch) {
			return Optional.of(launch);
		}
		if (!(selected instanceof IAdaptable adaptable)) {
			return Optional.empty();
		}
		return Optional.ofNullable(adaptable.getAdapter(IDMContext.class)).map(HypervisorGuestLaunch::launchOf)
				.orElseGet(() -> Optional.ofNullable(adaptable.getAdapter(ILaunch.class)))
				.filter(HypervisorGuestLaunch.class::isInstance).map(HypervisorGuestLaunch.class::cast);
	}

	private static Optional<ILaunch> launchOf(IDMContext context) {
		return Optional.ofNullable(DsfSession.getSession(context.getSessionId()))
				.flatMap(found -> Optional.ofNullable((ILaunch) found.getModelAdapter(ILaunch.class)));
	}

	/** The session; when the launch has ended it is not active any more. */
	public DsfSession session() {
		return session;
	}

	/** The guest under the engine; empty until it has been built. After the end it still tells how it ended. */
	public Optional<Target> target() {
		return guest().map(Guest::target);
	}

	/** The guest with its contexts in the session; empty until it has been built. */
	public Optional<Guest> guest() {
		GuestSession present = running;
		return present == null ? Optional.empty() : Optional.of(present.guest());
	}

	/** Masks hardware interrupts while stepping, or not, in this session only and from now on. */
	public void setMasking(boolean masked) {
		target().ifPresent(target -> target.setPolicy(target.policy().withMask(masked)));
	}

	/** Completes when nothing of the launch is left. */
	public CompletableFuture<Boolean> ended() {
		return ended.copy();
	}

	/** The start-up hands over what it has built, before it goes on. */
	void running(GuestSession built) {
		running = built;
	}

	/** Whether a user wants it to end. */
	boolean isTerminateRequested() {
		return terminateRequested;
	}

	/** Ends whatever there is, once, in the reverse order of the start-up. Does not wait. */
	void end() {
		if (!ending.compareAndSet(false, true)) {
			return;
		}
		GuestSession present = running;
		CompletableFuture<?> guestEnded = present == null ? CompletableFuture.completedFuture(Boolean.TRUE)
				: present.stop();
		guestEnded.whenComplete((done, failure) -> endSession());
	}

	private void endSession() {
		executor.execute(() -> {
			DsfSession.endSession(session);
			// The end of the session is told by a dispatch of its own, which comes before this one.
			executor.execute(() -> {
				LiveLaunches.remove(this);
				ended.complete(Boolean.TRUE);
				fireTerminate();
				if (removed) {
					executor.shutdown();
				}
			});
		});
	}

	/**
	 * Views ask a launch that has ended, too, on its executor: it goes when the launch is listed no more. A launch that
	 * the platform drops before it was started ends here.
	 */
	@Override
	public void launchRemoved(ILaunch launch) {
		if (equals(launch)) {
			removed = true;
			end();
			if (ended.isDone()) {
				executor.shutdown();
			}
		}
		super.launchRemoved(launch);
	}

	@Override
	public boolean canTerminate() {
		return !isTerminated() && !terminateRequested;
	}

	@Override
	public boolean isTerminated() {
		return ended.isDone();
	}

	/** Returns at once; a start-up that is under way notices before its next step. */
	@Override
	public void terminate() {
		terminateRequested = true;
		target().ifPresent(Target::terminate);
	}

	@Override
	public boolean canDisconnect() {
		return false;
	}

	@Override
	public boolean isDisconnected() {
		return false;
	}

	/** The view model's adapters come from a bundle that may not have been started yet. */
	@Override
	public <T> T getAdapter(Class<T> type) {
		Platform.getAdapterManager().loadAdapter(this, type.getName());
		return super.getAdapter(type);
	}
}
