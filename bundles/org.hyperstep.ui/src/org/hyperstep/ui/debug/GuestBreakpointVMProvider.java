/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

import org.eclipse.cdt.debug.core.model.ICBreakpoint;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.DsfRunnable;
import org.eclipse.cdt.dsf.datamodel.DMContexts;
import org.eclipse.cdt.dsf.debug.service.BreakpointsMediator2;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointDMContext;
import org.eclipse.cdt.dsf.debug.service.IBreakpointsExtension;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.breakpoints.BreakpointVMProvider;
import org.eclipse.cdt.dsf.service.DsfServicesTracker;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.ui.viewmodel.AbstractVMAdapter;
import org.eclipse.cdt.dsf.ui.viewmodel.datamodel.IDMVMContext;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.internal.ui.breakpoints.provisional.IBreakpointUIConstants;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IPresentationContext;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.hyperstep.ui.HyperstepUi;
import org.osgi.framework.FrameworkUtil;

/** The Breakpoints view: which breakpoints a session takes, and which of them it stopped at. */
final class GuestBreakpointVMProvider extends BreakpointVMProvider {
	private final DsfSession session;
	private final DsfServicesTracker services;

	GuestBreakpointVMProvider(AbstractVMAdapter adapter, IPresentationContext context, DsfSession session) {
		super(adapter, context);
		this.session = session;
		this.services = new DsfServicesTracker(
				FrameworkUtil.getBundle(GuestBreakpointVMProvider.class).getBundleContext(), session.getId());
	}

	@Override
	public void dispose() {
		services.dispose();
		super.dispose();
	}

	/** "Show Breakpoints Supported by Selected Target": C breakpoints. */
	@Override
	protected void calcFileteredBreakpoints(DataRequestMonitor<IBreakpoint[]> rm) {
		if (Boolean.TRUE.equals(
				getPresentationContext().getProperty(IBreakpointUIConstants.PROP_BREAKPOINTS_FILTER_SELECTION))) {
			rm.done(Arrays.stream(DebugPlugin.getDefault().getBreakpointManager().getBreakpoints())
					.filter(ICBreakpoint.class::isInstance).toArray(IBreakpoint[]::new));
		} else {
			super.calcFileteredBreakpoints(rm);
		}
	}

	/** Those that the selected virtual CPU stopped at. */
	@Override
	public void getBreakpointsForDebugContext(ISelection debugContext, DataRequestMonitor<IBreakpoint[]> rm) {
		Optional<IExecutionDMContext> selected = executionContext(debugContext);
		if (selected.isEmpty()) {
			rm.done(new IBreakpoint[0]);
			return;
		}
		try {
			session.getExecutor().execute(new DsfRunnable() {
				@Override
				public void run() {
					findHit(selected.get(), rm);
				}
			});
		} catch (RejectedExecutionException sessionIsOver) {
			rm.done(new IBreakpoint[0]);
		}
	}

	private Optional<IExecutionDMContext> executionContext(ISelection selection) {
		return selection instanceof IStructuredSelection elements
				&& elements.getFirstElement() instanceof IDMVMContext element
				&& session.getId().equals(element.getDMContext().getSessionId())
						? Optional.ofNullable(
								DMContexts.getAncestorOfType(element.getDMContext(), IExecutionDMContext.class))
						: Optional.empty();
	}

	private void findHit(IExecutionDMContext selected, DataRequestMonitor<IBreakpoint[]> rm) {
		Optional<IBreakpointsExtension> breakpoints = Optional
				.ofNullable(services.getService(IBreakpointsExtension.class));
		Optional<BreakpointsMediator2> mediator = Optional.ofNullable(services.getService(BreakpointsMediator2.class));
		if (breakpoints.isEmpty() || mediator.isEmpty()) {
			rm.done(HyperstepUi.error(Messages.Session_over, null));
			return;
		}
		breakpoints.get().getExecutionContextBreakpoints(selected,
				new DataRequestMonitor<IBreakpointDMContext[]>(session.getExecutor(), rm) {
					@Override
					protected void handleSuccess() {
						rm.done(Arrays.stream(getData())
								.map(hit -> mediator.get().getPlatformBreakpoint(null, hit)).filter(Objects::nonNull)
								.toArray(IBreakpoint[]::new));
					}
				});
	}
}
