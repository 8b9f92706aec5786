/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.ICachingService;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.cdt.dsf.debug.service.IStack;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StackFrame;
import org.hyperstep.debug.engine.SymbolText;
import org.hyperstep.symbols.SourceLocation;
import org.hyperstep.symbols.SymbolFile;

/** Stack frames. Variables are not known: the engine reads no types. */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestStack extends GuestService implements IStack, ICachingService {
	/** Frames asked for at once: more than a view shows at first. */
	private static final int FEW = 32;
	/** Deeper stacks are cut: they are loops of a damaged one, or a recursion that nobody reads to its end. */
	private static final int MOST = 4096;

	/** A virtual CPU, and how many of its frames are wanted at most. */
	private record Wanted(int cpu, int frames) {
	}

	private final StopCache<Wanted, List<StackFrame>> frames = new StopCache<>(
			wanted -> target().stack(wanted.cpu(), wanted.frames()));

	/** Where CPUs stood when they stopped, by their numbers. A step that has begun leaves that to be looked at. */
	private final Map<Integer, Long> stops = new HashMap<>();
	/** What is known of an address without the engine. */
	private final StopCache<Long, Place> places = new StopCache<>(
			linear -> CompletableFuture.supplyAsync(() -> Place.of(target().symbols(), linear)));

	public GuestStack(Guest guest) {
		super(guest, IStack.class, GuestStack.class);
	}

	@Override
	void doInitialize() {
		getSession().addServiceEventListener(this, null);
	}

	@Override
	void doShutdown() {
		getSession().removeServiceEventListener(this);
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Resumed event) {
		frames.clear();
		if (event.getReason() != StateChangeReason.STEP) {
			event.cpus().stream().forEach(stops::remove);
		}
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Suspended event) {
		frames.clear();
		places.clear();
		event.cpus().stream().forEach(stops::remove);
		stops.put(event.stop().cpu(), event.stop().linear());
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Exited event) {
		frames.clear();
		stops.clear();
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Edited event) {
		frames.clear();
		stops.clear();
	}

	@Override
	public void flushCache(@Nullable IDMContext context) {
		frames.clear();
	}

	@Override
	public void getFrames(IDMContext context, DataRequestMonitor<IFrameDMContext[]> rm) {
		getFrames(context, 0, ALL_FRAMES, rm);
	}

	@Override
	public void getFrames(IDMContext context, int startIndex, int endIndex,
			DataRequestMonitor<IFrameDMContext[]> rm) {
		withVcpu(context, rm, vcpu -> relay(walk(vcpu, endIndex < 0 ? MOST : endIndex + 1), rm,
				found -> contexts(vcpu, startIndex,
						endIndex < 0 ? found.size() : Math.min(endIndex + 1, found.size()))));
	}

	private static IFrameDMContext[] contexts(VcpuDMContext vcpu, int from, int to) {
		IFrameDMContext[] contexts = new IFrameDMContext[Math.max(0, to - from)];
		for (int i = 0; i < contexts.length; i++) {
			contexts[i] = new FrameDMContext(vcpu, from + i);
		}
		return contexts;
	}

	@Override
	public void getTopFrame(IDMContext context, DataRequestMonitor<IFrameDMContext> rm) {
		withVcpu(context, rm, vcpu -> relay(walk(vcpu, 1), rm, found -> new FrameDMContext(vcpu, 0)));
	}

	@Override
	public void getStackDepth(IDMContext context, int maxDepth, DataRequestMonitor<Integer> rm) {
		withVcpu(context, rm, vcpu -> relay(walk(vcpu, maxDepth <= 0 ? MOST : maxDepth), rm,
				found -> Integer.valueOf(maxDepth <= 0 ? found.size() : Math.min(maxDepth, found.size()))));
	}

	/**
	 * The innermost frame is known from the stop itself: views ask for it behind each stop, when in fast steps the engine is
	 * about the next one.
	 */
	@Override
	public void getFrameData(IFrameDMContext context, DataRequestMonitor<IFrameDMData> rm) {
		int level = context.getLevel();
		withVcpu(context, rm, vcpu -> {
			Long stop = level == 0 ? stops.get(vcpu.cpu()) : null;
			if (stop != null) {
				relay(places.get(stop), rm, this::data);
			} else {
				getFrameData(vcpu, level, rm);
			}
		});
	}

	private void getFrameData(VcpuDMContext vcpu, int level, DataRequestMonitor<IFrameDMData> rm) {
		relay(walk(vcpu, level + 1), new DataRequestMonitor<List<StackFrame>>(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				if (level < getData().size()) {
					rm.done(data(Place.of(getData().get(level))));
				} else {
					fail(rm, INVALID_HANDLE, Messages.bind(Messages.Stack_noFrame, level));
				}
			}
		});
	}

	private FrameData data(Place place) {
		return new FrameData(place, target().configuration().image().getFileName().toString());
	}

	/** The innermost frames, at least as many as are wanted where there are so many. */
	private CompletableFuture<List<StackFrame>> walk(VcpuDMContext vcpu, int wanted) {
		return frames.get(new Wanted(vcpu.cpu(), wanted <= FEW ? FEW : MOST));
	}

	/** Goes on with a virtual CPU. */
	private interface WithVcpu {
		void proceed(VcpuDMContext vcpu);
	}

	private static void withVcpu(IDMContext context, DataRequestMonitor<?> rm, WithVcpu next) {
		Optional<VcpuDMContext> vcpu = Guest.vcpuOf(context);
		if (vcpu.isPresent()) {
			next.proceed(vcpu.get());
		} else {
			fail(rm, INVALID_HANDLE, Messages.Context_foreign);
		}
	}

	/** Where a frame is. */
	@Immutable
	private record Place(long linear, String function, Optional<SourceLocation> source) {
		static Place of(StackFrame frame) {
			return new Place(frame.linear(), frame.function(), frame.source());
		}

		/** The place of the next instruction, that is of an innermost frame. */
		static Place of(SymbolFile symbols, long linear) {
			String function = symbols.symbolAt(linear).map(symbol -> SymbolText.of(symbol, linear)).orElse(""); //$NON-NLS-1$
			return new Place(linear, function, symbols.sourceAt(linear));
		}
	}

	/** A frame as views show it. */
	@Immutable
	private record FrameData(Place place, String getModule) implements IFrameDMData {
		private static final String OFFSET = "+0x"; //$NON-NLS-1$

		@Override
		public IAddress getAddress() {
			return new Addr64(Long.toUnsignedString(place.linear()));
		}

		@Override
		public String getFile() {
			return place.source().map(SourceLocation::path).orElse(""); //$NON-NLS-1$
		}

		/** With a line, the offset into the function says nothing more. */
		@Override
		public String getFunction() {
			String function = place.function();
			int offset = function.lastIndexOf(OFFSET);
			return place.source().isPresent() && offset > 0 ? function.substring(0, offset) : function;
		}

		@Override
		public int getLine() {
			return place.source().map(SourceLocation::line).orElse(0);
		}

		@Override
		public int getColumn() {
			return 0;
		}
	}

	@Override
	public void getVariableData(IVariableDMContext context, DataRequestMonitor<IVariableDMData> rm) {
		fail(rm, NOT_SUPPORTED, Messages.Stack_noVariables);
	}

	@Override
	public void getArguments(IFrameDMContext context, DataRequestMonitor<IVariableDMContext[]> rm) {
		rm.done(new IVariableDMContext[0]);
	}

	@Override
	public void getLocals(IFrameDMContext context, DataRequestMonitor<IVariableDMContext[]> rm) {
		rm.done(new IVariableDMContext[0]);
	}
}
