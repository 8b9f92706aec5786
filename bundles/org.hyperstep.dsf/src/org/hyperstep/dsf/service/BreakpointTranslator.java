/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

import org.eclipse.cdt.debug.core.model.ICAddressBreakpoint;
import org.eclipse.cdt.debug.core.model.ICBreakpoint;
import org.eclipse.cdt.debug.core.model.ICDynamicPrintf;
import org.eclipse.cdt.debug.core.model.ICEventBreakpoint;
import org.eclipse.cdt.debug.core.model.ICFunctionBreakpoint;
import org.eclipse.cdt.debug.core.model.ICLineBreakpoint;
import org.eclipse.cdt.debug.core.model.ICLineBreakpoint2;
import org.eclipse.cdt.debug.core.model.ICTracepoint;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Query;
import org.eclipse.cdt.dsf.debug.service.BreakpointsMediator2;
import org.eclipse.cdt.dsf.debug.service.BreakpointsMediator2.BreakpointEventType;
import org.eclipse.cdt.dsf.debug.service.BreakpointsMediator2.ITargetBreakpointInfo;
import org.eclipse.cdt.dsf.debug.service.IBreakpointAttributeTranslator2;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints.IBreakpointsTargetDMContext;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.symbols.SourceLocation;

/**
 * Between CDT's C breakpoints, which are Eclipse markers that all sessions share, and this session's. A marker counts as
 * installed while the engine has bound it to code; a line without code shows the line that has it.
 */
public final class BreakpointTranslator implements IBreakpointAttributeTranslator2 {
	private static final String KIND = HyperstepDsf.ID + ".breakpointKind"; //$NON-NLS-1$
	private static final String PHYSICAL = "phys:"; //$NON-NLS-1$
	/** What a session is interested in; a change of anything else is none for it. */
	private static final Set<String> RELEVANT = Set.of(IBreakpoint.ENABLED, IMarker.LINE_NUMBER,
			ICLineBreakpoint2.REQUESTED_LINE, ICLineBreakpoint.ADDRESS, ICLineBreakpoint.FUNCTION,
			ICBreakpoint.SOURCE_HANDLE, ICBreakpoint.CONDITION, ICBreakpoint.IGNORE_COUNT);

	/** What says where a breakpoint is. */
	private enum Kind {
		LINE, FUNCTION, ADDRESS
	}

	private final Guest guest;
	private final Set<IBreakpoint> installed = new HashSet<>();
	private volatile @Nullable BreakpointsMediator2 mediator;

	public BreakpointTranslator(Guest guest) {
		this.guest = guest;
	}

	@Override
	public void initialize(BreakpointsMediator2 owner) {
		mediator = owner;
	}

	@Override
	public void dispose() {
		// the mediator removes all breakpoints before, which undoes what was done to their markers
	}

	@Override
	public boolean supportsBreakpoint(IBreakpoint breakpoint) {
		return breakpoint instanceof ICLineBreakpoint && !(breakpoint instanceof ICTracepoint)
				&& !(breakpoint instanceof ICDynamicPrintf) && !(breakpoint instanceof ICEventBreakpoint);
	}

	@Override
	public Map<String, Object> getAllBreakpointAttributes(IBreakpoint breakpoint, boolean managerEnabled)
			throws CoreException {
		@Nullable
		IMarker marker = breakpoint.getMarker();
		if (marker == null || !marker.exists()) {
			throw HyperstepDsf.failure(Messages.Breakpoints_noMarker, null);
		}
		Map<String, Object> attributes = new HashMap<>(marker.getAttributes());
		attributes.keySet().retainAll(RELEVANT);
		if (number(attributes, ICLineBreakpoint2.REQUESTED_LINE) > 0) {
			// The line that is shown may be the next one with code.
			attributes.remove(IMarker.LINE_NUMBER);
		}
		attributes.put(KIND, kind(breakpoint).name());
		if (!managerEnabled) {
			attributes.put(IBreakpoint.ENABLED, Boolean.FALSE);
		}
		return attributes;
	}

	private static Kind kind(IBreakpoint breakpoint) {
		if (breakpoint instanceof ICAddressBreakpoint) {
			return Kind.ADDRESS;
		}
		return breakpoint instanceof ICFunctionBreakpoint ? Kind.FUNCTION : Kind.LINE;
	}

	@Override
	public void resolveBreakpoint(IBreakpointsTargetDMContext context, IBreakpoint breakpoint,
			Map<String, Object> attributes, DataRequestMonitor<List<Map<String, Object>>> rm) {
		rm.done(List.of(attributes));
	}

	@Override
	public Map<String, Object> convertAttributes(Map<String, Object> attributes) {
		return attributes;
	}

	/**
	 * Every change sets the breakpoint anew, or takes it away where it was disabled: the mediator keeps such changes in
	 * order, while it loses an update that comes before another one has been made.
	 */
	@Override
	public boolean canUpdateAttributes(IBreakpoint breakpoint, IBreakpointsTargetDMContext context,
			Map<String, Object> delta) {
		return false;
	}

	/** Whether a breakpoint asks for more than to stop whenever it is met. */
	static boolean isConditional(Map<String, Object> attributes) {
		return !text(attributes, ICBreakpoint.CONDITION).isBlank() || number(attributes, ICBreakpoint.IGNORE_COUNT) > 0;
	}

	/** Where a breakpoint is to be set; empty where its attributes don't say. */
	static Optional<BreakpointLocation> location(Map<String, Object> attributes) {
		return switch (Kind.valueOf(text(attributes, KIND))) {
			case ADDRESS -> address(text(attributes, ICLineBreakpoint.ADDRESS));
			case FUNCTION -> Optional.of(text(attributes, ICLineBreakpoint.FUNCTION)).filter(name -> !name.isBlank())
					.map(name -> new BreakpointLocation.Symbol(name.strip()));
			case LINE -> line(attributes);
		};
	}

	private static Optional<BreakpointLocation> line(Map<String, Object> attributes) {
		int requested = number(attributes, ICLineBreakpoint2.REQUESTED_LINE);
		int line = requested > 0 ? requested : number(attributes, IMarker.LINE_NUMBER);
		String file = text(attributes, ICBreakpoint.SOURCE_HANDLE);
		return file.isBlank() || line <= 0 ? Optional.empty()
				: Optional.of(new BreakpointLocation.SourceLine(file, line));
	}

	private static Optional<BreakpointLocation> address(String text) {
		String stripped = text.strip();
		boolean physical = stripped.startsWith(PHYSICAL);
		try {
			long address = Long.parseUnsignedLong(digits(physical ? stripped.substring(PHYSICAL.length()) : stripped),
					16);
			return Optional.of(physical ? new BreakpointLocation.GuestPhysical(address)
					: new BreakpointLocation.Linear(address));
		} catch (NumberFormatException noNumber) {
			return Optional.empty();
		}
	}

	private static String digits(String text) {
		return text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text; //$NON-NLS-1$ //$NON-NLS-2$
	}

	private static String text(Map<String, Object> attributes, String key) {
		return attributes.get(key) instanceof String text ? text : ""; //$NON-NLS-1$
	}

	private static int number(Map<String, Object> attributes, String key) {
		return attributes.get(key) instanceof Integer number ? number.intValue() : 0;
	}

	/**
	 * Shows what the breakpoints are now. The mediator tells of changes in jobs of their own, which may overtake each
	 * other: what they say is old, so that it is asked what is true when one of them comes.
	 */
	@Override
	public synchronized void updateBreakpointsStatus(
			Map<IBreakpoint, Map<IBreakpointsTargetDMContext, ITargetBreakpointInfo[]>> breakpoints,
			BreakpointEventType eventType) {
		for (IBreakpoint breakpoint : breakpoints.keySet()) {
			if (breakpoint instanceof ICLineBreakpoint marked) {
				try {
					show(marked, bound(marked));
				} catch (CoreException failure) {
					// A marker may go at any time.
					if (exists(breakpoint)) {
						ILog.get().log(failure.getStatus());
					}
				}
			}
		}
	}

	/** The engine's breakpoint for a marker, if it stands on code; none after the end of the session. */
	private Optional<Breakpoint> bound(IBreakpoint breakpoint) {
		BreakpointsMediator2 present = mediator;
		Query<ITargetBreakpointInfo[]> query = new Query<>() {
			@Override
			protected void execute(DataRequestMonitor<ITargetBreakpointInfo[]> rm) {
				rm.done(present == null ? null : present.getTargetBreakpoints(guest.context(), breakpoint));
			}
		};
		try {
			guest.session().getExecutor().execute(query);
			return Stream.ofNullable(query.get()).flatMap(Arrays::stream)
					.flatMap(info -> Stream.ofNullable(info.getTargetBreakpoint()))
					.flatMap(context -> GuestBreakpoints.breakpoint(guest, context).stream())
					.filter(Breakpoint::bound).findFirst();
		} catch (RejectedExecutionException | ExecutionException sessionIsOver) {
			return Optional.empty();
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	private void show(ICLineBreakpoint breakpoint, Optional<Breakpoint> bound) throws CoreException {
		if (bound.isEmpty()) {
			showUnbound(breakpoint);
		} else if (exists(breakpoint) && installed.add(breakpoint)) {
			breakpoint.incrementInstallCount();
			showLine(breakpoint, bound.get());
		}
	}

	private void showLine(ICLineBreakpoint breakpoint, Breakpoint set) throws CoreException {
		Optional<SourceLocation> source = guest.target().symbols().sourceAt(set.addresses().get(0));
		if (set.location() instanceof BreakpointLocation.SourceLine place && source.isPresent()
				&& source.get().line() != place.line() && breakpoint instanceof ICLineBreakpoint2 movable) {
			movable.setInstalledLineNumber(source.get().line());
		}
	}

	private void showUnbound(ICLineBreakpoint breakpoint) throws CoreException {
		if (installed.remove(breakpoint) && exists(breakpoint)) {
			breakpoint.decrementInstallCount();
			if (breakpoint instanceof ICLineBreakpoint2 movable && !breakpoint.isInstalled()) {
				movable.resetInstalledLocation();
			}
		}
	}

	private static boolean exists(IBreakpoint breakpoint) {
		@Nullable
		IMarker marker = breakpoint.getMarker();
		return marker != null && marker.exists();
	}
}
