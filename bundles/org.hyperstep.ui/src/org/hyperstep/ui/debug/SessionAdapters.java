/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.cdt.debug.core.model.ISteppingModeTarget;
import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.debug.ui.actions.DsfResumeCommand;
import org.eclipse.cdt.dsf.debug.ui.actions.DsfStepIntoCommand;
import org.eclipse.cdt.dsf.debug.ui.actions.DsfStepOverCommand;
import org.eclipse.cdt.dsf.debug.ui.actions.DsfStepReturnCommand;
import org.eclipse.cdt.dsf.debug.ui.actions.DsfSteppingModeTarget;
import org.eclipse.cdt.dsf.debug.ui.actions.DsfSuspendCommand;
import org.eclipse.cdt.dsf.debug.ui.sourcelookup.DsfSourceDisplayAdapter;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.SteppingController;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.actions.DefaultRefreshAllTarget;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.actions.IRefreshAllTarget;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.DefaultDsfModelSelectionPolicyFactory;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.debug.core.commands.IRestartHandler;
import org.eclipse.debug.core.commands.IResumeHandler;
import org.eclipse.debug.core.commands.IStepIntoHandler;
import org.eclipse.debug.core.commands.IStepOverHandler;
import org.eclipse.debug.core.commands.IStepReturnHandler;
import org.eclipse.debug.core.commands.ISuspendHandler;
import org.eclipse.debug.core.commands.ITerminateHandler;
import org.eclipse.debug.core.model.IDebugModelProvider;
import org.eclipse.debug.core.sourcelookup.ISourceLookupDirector;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IColumnPresentationFactory;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementContentProvider;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IModelProxyFactory;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IModelSelectionPolicyFactory;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IViewerInputProvider;
import org.eclipse.debug.ui.contexts.ISuspendTrigger;
import org.eclipse.debug.ui.sourcelookup.ISourceDisplay;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;

/**
 * What makes Eclipse's views and commands work for a session: adapters of everything in it, and of its launch. They live
 * as long as the launch is listed, because views also show what has ended.
 */
@ThreadSafe
final class SessionAdapters {
	private final DsfSession session;
	private final Map<Class<?>, Object> ofLaunch = new ConcurrentHashMap<>();
	private final Deque<Runnable> disposals = new ArrayDeque<>();

	SessionAdapters(HypervisorGuestLaunch launch) {
		session = launch.session();
		SteppingController controller = new SteppingController(session);
		adapt(SteppingController.class, controller, controller::dispose);
		addViewModel(launch, controller);
		addCommands();
		adapt(IDebugModelProvider.class, new DebugModels(), nothing());
		adapt(IModelSelectionPolicyFactory.class, new DefaultDsfModelSelectionPolicyFactory(), nothing());
		adapt(IRefreshAllTarget.class, new DefaultRefreshAllTarget(), nothing());
	}

	private void addViewModel(HypervisorGuestLaunch launch, SteppingController controller) {
		GuestVMAdapter views = new GuestVMAdapter(session, controller);
		adapt(IViewerInputProvider.class, views, views::dispose);
		ofLaunch.put(IElementContentProvider.class, views);
		ofLaunch.put(IModelProxyFactory.class, views);
		ofLaunch.put(IColumnPresentationFactory.class, views);
		GuestSuspendTrigger trigger = new GuestSuspendTrigger(launch);
		ofLaunch.put(ISuspendTrigger.class, trigger);
		disposals.push(trigger::dispose);
		if (launch.getSourceLocator() instanceof ISourceLookupDirector director) {
			DsfSourceDisplayAdapter display = new DsfSourceDisplayAdapter(session, director, controller);
			adapt(ISourceDisplay.class, display, display::dispose);
		}
	}

	private void addCommands() {
		DsfSteppingModeTarget mode = new DsfSteppingModeTarget();
		adapt(ISteppingModeTarget.class, mode, nothing());
		DsfStepIntoCommand stepInto = new DsfStepIntoCommand(session, mode);
		adapt(IStepIntoHandler.class, stepInto, stepInto::dispose);
		DsfStepOverCommand stepOver = new DsfStepOverCommand(session, mode);
		adapt(IStepOverHandler.class, stepOver, stepOver::dispose);
		DsfStepReturnCommand stepReturn = new DsfStepReturnCommand(session);
		adapt(IStepReturnHandler.class, stepReturn, stepReturn::dispose);
		DsfSuspendCommand suspend = new DsfSuspendCommand(session);
		adapt(ISuspendHandler.class, suspend, suspend::dispose);
		DsfResumeCommand resume = new DsfResumeCommand(session);
		adapt(IResumeHandler.class, resume, resume::dispose);
		TerminateCommand terminate = new TerminateCommand();
		adapt(ITerminateHandler.class, terminate, nothing());
		ofLaunch.put(ITerminateHandler.class, terminate);
		RestartCommand restart = new RestartCommand();
		adapt(IRestartHandler.class, restart, nothing());
		ofLaunch.put(IRestartHandler.class, restart);
	}

	private static Runnable nothing() {
		return () -> {
			// holds nothing that outlives it
		};
	}

	private <T> void adapt(Class<T> type, T adapter, Runnable disposal) {
		session.registerModelAdapter(type, adapter);
		disposals.push(() -> {
			session.unregisterModelAdapter(type);
			disposal.run();
		});
	}

	/** The launch's adapter of a type. */
	Optional<Object> ofLaunch(Class<?> type) {
		return Optional.ofNullable(ofLaunch.get(type));
	}

	/** The launch is listed no more. */
	void dispose() {
		disposals.forEach(Runnable::run);
	}
}
