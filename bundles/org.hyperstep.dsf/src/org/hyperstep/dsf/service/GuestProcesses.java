/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Map;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IProcesses;

/** The guest as the one process of its session, and its virtual CPUs as the threads. */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestProcesses extends GuestService implements IProcesses {

	public GuestProcesses(Guest guest) {
		super(guest, IProcesses.class, GuestProcesses.class);
	}

	/** Name and number as views show them. */
	@Immutable
	private record ThreadData(String getName, String getId) implements IThreadDMData {
		@Override
		public boolean isDebuggerAttached() {
			return true;
		}
	}

	@Override
	public void getExecutionData(IThreadDMContext context, DataRequestMonitor<IThreadDMData> rm) {
		if (context instanceof VcpuDMContext vcpu) {
			rm.done(new ThreadData(Messages.bind(Messages.Processes_cpu, vcpu.cpu()), Integer.toString(vcpu.cpu())));
		} else {
			rm.done(new ThreadData(target().name(), "")); //$NON-NLS-1$
		}
	}

	@Override
	public void getDebuggingContext(IThreadDMContext context, DataRequestMonitor<IDMContext> rm) {
		rm.done(context);
	}

	@Override
	public void getRunningProcesses(IDMContext context, DataRequestMonitor<IProcessDMContext[]> rm) {
		rm.done(new IProcessDMContext[] { guest.context() });
	}

	@Override
	public void getProcessesBeingDebugged(IDMContext context, DataRequestMonitor<IDMContext[]> rm) {
		rm.done(context instanceof GuestDMContext ? guest.cpus().toArray(IDMContext[]::new)
				: new IDMContext[] { guest.context() });
	}

	@Override
	public void canTerminate(IThreadDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.valueOf(target().exitStatus().isEmpty()));
	}

	@Override
	public void terminate(IThreadDMContext context, RequestMonitor rm) {
		relay(target().terminate(), rm);
	}

	// A session is made for one guest and ends with it.

	@Override
	public void isDebuggerAttachSupported(IDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.FALSE);
	}

	@Override
	public void attachDebuggerToProcess(IProcessDMContext context, DataRequestMonitor<IDMContext> rm) {
		fail(rm, NOT_SUPPORTED, Messages.Processes_noNew);
	}

	@Override
	public void canDetachDebuggerFromProcess(IDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.FALSE);
	}

	@Override
	public void detachDebuggerFromProcess(IDMContext context, RequestMonitor rm) {
		fail(rm, NOT_SUPPORTED, Messages.Processes_noNew);
	}

	@Override
	public void isRunNewProcessSupported(IDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.FALSE);
	}

	@Override
	public void runNewProcess(IDMContext context, String file, Map<String, Object> attributes,
			DataRequestMonitor<IProcessDMContext> rm) {
		fail(rm, NOT_SUPPORTED, Messages.Processes_noNew);
	}

	@Override
	public void isDebugNewProcessSupported(IDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.FALSE);
	}

	@Override
	public void debugNewProcess(IDMContext context, String file, Map<String, Object> attributes,
			DataRequestMonitor<IDMContext> rm) {
		fail(rm, NOT_SUPPORTED, Messages.Processes_noNew);
	}
}
