/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.DsfRunnable;
import org.eclipse.cdt.dsf.concurrent.ImmediateRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.IDMEvent;
import org.eclipse.cdt.dsf.service.AbstractDsfService;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.RunningException;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetException;
import org.hyperstep.dsf.HyperstepDsf;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** What the services have in common: their guest, their life cycle, and the way from the engine's futures to DSF. */
@ConfinedToDsfExecutor("getExecutor()")
abstract class GuestService extends AbstractDsfService {
	final Guest guest;
	private final Class<?>[] roles;

	/**
	 * Makes a service that is not started yet.
	 *
	 * @param roles the service interfaces that it is registered as
	 */
	GuestService(Guest guest, Class<?>... roles) {
		super(guest.session());
		this.guest = guest;
		this.roles = roles;
	}

	final Target target() {
		return guest.target();
	}

	@Override
	protected final BundleContext getBundleContext() {
		return FrameworkUtil.getBundle(GuestService.class).getBundleContext();
	}

	@Override
	public final void initialize(RequestMonitor rm) {
		super.initialize(new ImmediateRequestMonitor(rm) {
			@Override
			protected void handleSuccess() {
				doInitialize();
				register(Arrays.stream(roles).map(Class::getName).toArray(String[]::new), new Hashtable<>());
				rm.done();
			}
		});
	}

	@Override
	public final void shutdown(RequestMonitor rm) {
		unregister();
		doShutdown();
		super.shutdown(rm);
	}

	/** Before the service is registered: listeners. */
	void doInitialize() {
		// most services have nothing to begin with
	}

	/** After the service has been unregistered: the reverse of {@link #doInitialize}. */
	void doShutdown() {
		// most services have nothing to end
	}

	/** Another service of the session, while it is there. */
	final <S> Optional<S> service(Class<S> role) {
		return Optional.ofNullable(getServicesTracker().getService(role));
	}

	/** Hands an outcome of the engine to a request. */
	final <T> void relay(CompletableFuture<T> outcome, DataRequestMonitor<T> rm) {
		relay(outcome, rm, value -> value);
	}

	/** Hands an outcome of the engine to a request, converted on the session's executor. */
	final <T, R> void relay(CompletableFuture<T> outcome, DataRequestMonitor<R> rm, Function<T, R> conversion) {
		outcome.whenComplete((value, failure) -> onExecutor(rm, () -> {
			if (failure == null) {
				rm.setData(conversion.apply(value));
				rm.done();
			} else {
				fail(rm, failure);
			}
		}));
	}

	/** Hands an outcome of the engine to a request that wants no data. */
	final void relay(CompletableFuture<?> outcome, RequestMonitor rm) {
		outcome.whenComplete((value, failure) -> onExecutor(rm, () -> {
			if (failure == null) {
				rm.done();
			} else {
				fail(rm, failure);
			}
		}));
	}

	/** Any thread: does something on the session's executor; where the session is over the request fails. */
	private void onExecutor(RequestMonitor rm, Runnable action) {
		try {
			getExecutor().execute(new DsfRunnable() {
				@Override
				public void run() {
					action.run();
				}
			});
		} catch (RejectedExecutionException sessionIsOver) {
			fail(rm, INVALID_STATE, Messages.Session_over, sessionIsOver);
		}
	}

	/** Any thread: tells the session's listeners; without a session nobody listens. */
	final void dispatch(IDMEvent<?> event) {
		if (getSession().isActive()) {
			getSession().dispatchEvent(event, getProperties());
		}
	}

	static void fail(RequestMonitor rm, Throwable failure) {
		Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
				: failure;
		String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
		switch (cause) {
			case RunningException running -> fail(rm, INVALID_STATE, text);
			case TargetException refusal -> fail(rm, REQUEST_FAILED, text);
			default -> fail(rm, INTERNAL_ERROR, text, cause);
		}
	}

	/** Lets a request fail with a message for the user. */
	static void fail(RequestMonitor rm, int code, String message) {
		fail(rm, code, message, null);
	}

	private static void fail(RequestMonitor rm, int code, String message, @Nullable Throwable cause) {
		rm.setStatus(new Status(IStatus.ERROR, HyperstepDsf.ID, code, message, cause));
		rm.done();
	}
}
