/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.AbstractDMEvent;
import org.eclipse.cdt.dsf.debug.service.IBreakpoints;
import org.eclipse.cdt.dsf.debug.service.IBreakpointsExtension;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.debug.core.model.IBreakpoint;
import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.StopEvent;

/**
 * The engine's breakpoints. Attributes are those of {@link BreakpointTranslator#resolveBreakpoint}; a breakpoint whose
 * place has no code is kept and says so by having no address.
 */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestBreakpoints extends GuestService implements IBreakpointsExtension {

	public GuestBreakpoints(Guest guest) {
		super(guest, IBreakpoints.class, IBreakpointsExtension.class, GuestBreakpoints.class);
	}

	/** Breakpoints have come, changed or gone. */
	@Immutable
	private abstract static class Changed extends AbstractDMEvent<IBreakpointsTargetDMContext>
			implements IBreakpointsChangedEvent {
		private final BreakpointDMContext breakpoint;

		Changed(Guest guest, BreakpointDMContext breakpoint) {
			super(guest.context());
			this.breakpoint = breakpoint;
		}

		@Override
		public IBreakpointDMContext[] getBreakpoints() {
			return new IBreakpointDMContext[] { breakpoint };
		}
	}

	@Immutable
	private static final class Added extends Changed implements IBreakpointsAddedEvent {
		Added(Guest guest, BreakpointDMContext breakpoint) {
			super(guest, breakpoint);
		}
	}

	@Immutable
	private static final class Updated extends Changed implements IBreakpointsUpdatedEvent {
		Updated(Guest guest, BreakpointDMContext breakpoint) {
			super(guest, breakpoint);
		}
	}

	@Immutable
	private static final class Removed extends Changed implements IBreakpointsRemovedEvent {
		Removed(Guest guest, BreakpointDMContext breakpoint) {
			super(guest, breakpoint);
		}
	}

	/** The engine's breakpoint behind a context, as it is now. Any thread. */
	public static Optional<Breakpoint> breakpoint(Guest guest, IBreakpointDMContext context) {
		return context instanceof BreakpointDMContext wanted ? guest.target().breakpoints().stream()
				.filter(breakpoint -> breakpoint.number() == wanted.number()).findFirst() : Optional.empty();
	}

	@Override
	public void getBreakpoints(IBreakpointsTargetDMContext context, DataRequestMonitor<IBreakpointDMContext[]> rm) {
		rm.done(contexts(target().breakpoints()));
	}

	@Override
	public void getExecutionContextBreakpoints(IExecutionDMContext context,
			DataRequestMonitor<IBreakpointDMContext[]> rm) {
		StopEvent stop = service(GuestRunControl.class).flatMap(control -> control.lastStop(context)).orElse(null);
		rm.done(stop instanceof StopEvent.BreakpointHit hit ? contexts(hit.breakpoints())
				: new IBreakpointDMContext[0]);
	}

	private IBreakpointDMContext[] contexts(List<Breakpoint> breakpoints) {
		return breakpoints.stream().map(breakpoint -> new BreakpointDMContext(guest.context(), breakpoint.number()))
				.toArray(IBreakpointDMContext[]::new);
	}

	@Override
	public void getBreakpointDMData(IBreakpointDMContext context, DataRequestMonitor<IBreakpointDMData> rm) {
		Optional<Breakpoint> found = breakpoint(guest, context);
		if (found.isPresent()) {
			rm.done(new Data(found.get()));
		} else {
			fail(rm, INVALID_HANDLE, Messages.bind(Messages.Breakpoints_unknown, context));
		}
	}

	@Override
	public void insertBreakpoint(IBreakpointsTargetDMContext context, Map<String, Object> attributes,
			DataRequestMonitor<IBreakpointDMContext> rm) {
		if (BreakpointTranslator.isConditional(attributes)) {
			fail(rm, NOT_SUPPORTED, Messages.Breakpoints_noConditions);
			return;
		}
		Optional<BreakpointLocation> location = BreakpointTranslator.location(attributes);
		if (location.isEmpty()) {
			fail(rm, REQUEST_FAILED, Messages.Breakpoints_noPlace);
			return;
		}
		boolean enabled = !Boolean.FALSE.equals(attributes.get(IBreakpoint.ENABLED));
		CompletableFuture<Breakpoint> set = compiled(location.get()).thenCompose(place -> target().setBreakpoint(place))
				.thenCompose(added -> enabled ? CompletableFuture.completedFuture(added)
						: target().enableBreakpoint(added.number(), false));
		relay(set, rm, added -> {
			BreakpointDMContext inserted = new BreakpointDMContext(guest.context(), added.number());
			dispatch(new Added(guest, inserted));
			return inserted;
		});
	}

	/** The same location with the file's name as the compiler knew it. Reads debug information on a thread of its own. */
	private CompletableFuture<BreakpointLocation> compiled(BreakpointLocation location) {
		if (!(location instanceof BreakpointLocation.SourceLine place)) {
			return CompletableFuture.completedFuture(location);
		}
		return CompletableFuture.supplyAsync(() -> {
			Optional<String> path = CompiledFiles.pathOf(target().symbols().sourceFiles(), place.file());
			return path.map(file -> new BreakpointLocation.SourceLine(file, place.line())).orElse(place);
		});
	}

	@Override
	public void removeBreakpoint(IBreakpointDMContext context, RequestMonitor rm) {
		Optional<Breakpoint> found = breakpoint(guest, context);
		if (found.isEmpty()) {
			rm.done();
			return;
		}
		int number = found.get().number();
		relay(target().removeBreakpoint(number), new RequestMonitor(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				dispatch(new Removed(guest, new BreakpointDMContext(guest.context(), number)));
				rm.done();
			}
		});
	}

	/** Enables or disables; nothing else about a breakpoint changes while it is set. */
	@Override
	public void updateBreakpoint(IBreakpointDMContext context, Map<String, Object> delta, RequestMonitor rm) {
		Optional<Breakpoint> found = breakpoint(guest, context);
		if (found.isEmpty()) {
			fail(rm, INVALID_HANDLE, Messages.bind(Messages.Breakpoints_unknown, context));
			return;
		}
		if (!(delta.get(IBreakpoint.ENABLED) instanceof Boolean enabled)) {
			rm.done();
			return;
		}
		relay(target().enableBreakpoint(found.get().number(), enabled), new DataRequestMonitor<Breakpoint>(
				getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				dispatch(new Updated(guest, new BreakpointDMContext(guest.context(), getData().number())));
				rm.done();
			}
		});
	}

	/** A breakpoint as views show it. */
	@Immutable
	private record Data(Breakpoint breakpoint) implements IBreakpointDMData {
		@Override
		public String getBreakpointType() {
			return breakpoint.location().getClass().getSimpleName();
		}

		@Override
		public String getFileName() {
			return breakpoint.location() instanceof BreakpointLocation.SourceLine place ? place.file() : ""; //$NON-NLS-1$
		}

		@Override
		public int getLineNumber() {
			return breakpoint.location() instanceof BreakpointLocation.SourceLine place ? place.line() : 0;
		}

		@Override
		public String getFunctionName() {
			return breakpoint.location() instanceof BreakpointLocation.Symbol place ? place.name() : ""; //$NON-NLS-1$
		}

		@Override
		public IAddress[] getAddresses() {
			return breakpoint.addresses().stream().map(linear -> new Addr64(Long.toUnsignedString(linear)))
					.toArray(IAddress[]::new);
		}

		@Override
		public String getCondition() {
			return ""; //$NON-NLS-1$
		}

		@Override
		public int getIgnoreCount() {
			return 0;
		}

		@Override
		public boolean isEnabled() {
			return breakpoint.enabled();
		}

		@Override
		public String getExpression() {
			return Arrays.toString(getAddresses());
		}
	}
}
