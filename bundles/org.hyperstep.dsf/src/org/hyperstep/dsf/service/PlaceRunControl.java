/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;

/** Runs to a place, and moves of the instruction pointer to a place: a source line, or an address. */
@ConfinedToDsfExecutor("getExecutor()")
abstract class PlaceRunControl extends GroupRunControl {

	PlaceRunControl(Guest guest, Class<?>... roles) {
		super(guest, roles);
	}

	/** The virtual CPU that a request for a context moves. */
	abstract VcpuDMContext stepping(IExecutionDMContext context);

	/** Lets a virtual CPU run to a linear address. */
	abstract void runTo(VcpuDMContext vcpu, long linear, RequestMonitor rm);

	/** The instruction pointer of a virtual CPU that stands still is somewhere else now. */
	abstract void moved(VcpuDMContext vcpu, long linear);

	@Override
	public final void canRunToLine(IExecutionDMContext context, String sourceFile, int lineNumber,
			DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public final void runToLine(IExecutionDMContext context, String sourceFile, int lineNumber, boolean skipBreakpoints,
			RequestMonitor rm) {
		withLine(sourceFile, lineNumber, rm, linear -> runTo(context, linear, rm));
	}

	@Override
	public final void canRunToAddress(IExecutionDMContext context, IAddress address, DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public final void runToAddress(IExecutionDMContext context, IAddress address, boolean skipBreakpoints,
			RequestMonitor rm) {
		runTo(context, address.getValue().longValue(), rm);
	}

	/** Runs the virtual CPU of a context, or one of the guest's, to a linear address. */
	public final void runTo(IExecutionDMContext context, long linear, RequestMonitor rm) {
		runTo(stepping(context), linear, rm);
	}

	@Override
	public final void canMoveToLine(IExecutionDMContext context, String sourceFile, int lineNumber, boolean resume,
			DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public final void moveToLine(IExecutionDMContext context, String sourceFile, int lineNumber, boolean resume,
			RequestMonitor rm) {
		withLine(sourceFile, lineNumber, rm, linear -> moveTo(context, linear, resume, rm));
	}

	@Override
	public final void canMoveToAddress(IExecutionDMContext context, IAddress address, boolean resume,
			DataRequestMonitor<Boolean> rm) {
		canResume(context, rm);
	}

	@Override
	public final void moveToAddress(IExecutionDMContext context, IAddress address, boolean resume, RequestMonitor rm) {
		moveTo(context, address.getValue().longValue(), resume, rm);
	}

	/** Goes on with the address of a source line. */
	private interface WithAddress {
		void proceed(long linear);
	}

	private void withLine(String sourceFile, int line, RequestMonitor rm, WithAddress next) {
		CompletableFuture<long[]> addresses = CompletableFuture
				.supplyAsync(() -> target().symbols().breakpointAddresses(sourceFile, line));
		relay(addresses, new DataRequestMonitor<long[]>(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				if (getData().length == 0) {
					fail(rm, REQUEST_FAILED, Messages.bind(Messages.RunControl_noCode, sourceFile, line));
				} else {
					next.proceed(getData()[0]);
				}
			}
		});
	}

	/** Moves the instruction pointer of the virtual CPU of a context, or of one of the guest's. */
	private void moveTo(IExecutionDMContext context, long linear, boolean resume, RequestMonitor rm) {
		VcpuDMContext vcpu = stepping(context);
		relay(target().writeRegister(vcpu.cpu(), "rip", linear), new RequestMonitor(getExecutor(), rm) { //$NON-NLS-1$
			@Override
			protected void handleSuccess() {
				if (resume) {
					PlaceRunControl.this.resume(context, rm);
				} else {
					moved(vcpu, linear);
					rm.done();
				}
			}
		});
	}
}
