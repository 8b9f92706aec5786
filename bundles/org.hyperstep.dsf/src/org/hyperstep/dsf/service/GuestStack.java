/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.ICachingService;
import org.eclipse.cdt.dsf.debug.service.IStack;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StackFrame;
import org.hyperstep.symbols.SourceLocation;

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
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Suspended event) {
		frames.clear();
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Edited event) {
		frames.clear();
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

	@Override
	public void getFrameData(IFrameDMContext context, DataRequestMonitor<IFrameDMData> rm) {
		int level = context.getLevel();
		withVcpu(context, rm,
				vcpu -> relay(walk(vcpu, level + 1), new DataRequestMonitor<List<StackFrame>>(getExecutor(), rm) {
					@Override
					protected void handleSuccess() {
						if (level < getData().size()) {
							rm.done(new FrameData(getData().get(level),
									target().configuration().image().getFileName().toString()));
						} else {
							fail(rm, INVALID_HANDLE, Messages.bind(Messages.Stack_noFrame, level));
						}
					}
				}));
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

	/** A frame as views show it. */
	@Immutable
	private record FrameData(StackFrame frame, String getModule) implements IFrameDMData {
		private static final String OFFSET = "+0x"; //$NON-NLS-1$

		@Override
		public IAddress getAddress() {
			return new Addr64(Long.toUnsignedString(frame.linear()));
		}

		@Override
		public String getFile() {
			return frame.source().map(SourceLocation::path).orElse(""); //$NON-NLS-1$
		}

		/** With a line, the offset into the function says nothing more. */
		@Override
		public String getFunction() {
			String function = frame.function();
			int offset = function.lastIndexOf(OFFSET);
			return frame.source().isPresent() && offset > 0 ? function.substring(0, offset) : function;
		}

		@Override
		public int getLine() {
			return frame.source().map(SourceLocation::line).orElse(0);
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
