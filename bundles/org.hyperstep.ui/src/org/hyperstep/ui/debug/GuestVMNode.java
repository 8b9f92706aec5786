/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.Optional;

import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.DMContexts;
import org.eclipse.cdt.dsf.datamodel.IDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IResumedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.ISuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.AbstractContainerVMNode;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.ui.viewmodel.VMDelta;
import org.eclipse.cdt.dsf.ui.viewmodel.datamodel.AbstractDMVMProvider;
import org.eclipse.cdt.dsf.ui.viewmodel.properties.IPropertiesUpdate;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IChildrenUpdate;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementCompareRequest;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoProvider;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoRequest;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IModelDelta;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.service.Guest;
import org.hyperstep.dsf.service.GuestDMContext;
import org.hyperstep.dsf.service.GuestRunControl;
import org.hyperstep.dsf.service.NonStopChanged;
import org.hyperstep.dsf.service.VcpuDMContext;

/** The guest in the Debug view. */
final class GuestVMNode extends AbstractContainerVMNode implements IElementMementoProvider {
	private final Mementos<GuestDMContext> mementos = new Mementos<>("guest", GuestDMContext.class, //$NON-NLS-1$
			context -> ""); //$NON-NLS-1$

	GuestVMNode(AbstractDMVMProvider provider, DsfSession session) {
		super(provider, session);
	}

	@Override
	protected void updateElementsInSessionThread(IChildrenUpdate update) {
		Optional<Guest> guest = guest();
		if (guest.isPresent()) {
			update.setChild(createVMContext(guest.get().context()), 0);
			update.done();
		} else {
			handleFailedUpdate(update);
		}
	}

	@Override
	protected void updatePropertiesInSessionThread(IPropertiesUpdate[] updates) {
		runControl().ifPresent(control -> {
			for (IPropertiesUpdate update : updates) {
				update.setProperty(PROP_NAME, name(control));
			}
		});
		super.updatePropertiesInSessionThread(updates);
	}

	/** In non-stop mode with how many of its CPUs run. */
	private static String name(GuestRunControl control) {
		Target target = control.guest().target();
		return target.nonStop()
				? Messages.bind(Messages.Guest_nonStop,
						new Object[] { target.name(), control.moving(), target.cpus() })
				: target.name();
	}

	private Optional<GuestRunControl> runControl() {
		return Optional.ofNullable(getServicesTracker().getService(GuestRunControl.class));
	}

	private Optional<Guest> guest() {
		return runControl().map(GuestRunControl::guest);
	}

	/** The stop of one CPU, or its start, changes what is said of the guest; so does another mode. */
	private static boolean changesName(Object event) {
		return event instanceof NonStopChanged
				|| (event instanceof IResumedDMEvent || event instanceof ISuspendedDMEvent)
						&& ((IDMEvent<?>) event).getDMContext() instanceof VcpuDMContext;
	}

	@Override
	public int getDeltaFlags(Object event) {
		return super.getDeltaFlags(event) | (changesName(event) ? IModelDelta.STATE : IModelDelta.NO_CHANGE);
	}

	/** On the UI thread, where no service may be asked: the event says which guest it is. */
	@Override
	public void buildDelta(Object event, VMDelta parent, int nodeOffset, RequestMonitor rm) {
		if (changesName(event)) {
			parent.addNode(createVMContext(
					DMContexts.getAncestorOfType(((IDMEvent<?>) event).getDMContext(), GuestDMContext.class)),
					IModelDelta.STATE);
			rm.done();
		} else {
			super.buildDelta(event, parent, nodeOffset, rm);
		}
	}

	@Override
	public void compareElements(IElementCompareRequest[] requests) {
		mementos.compare(requests);
	}

	@Override
	public void encodeElements(IElementMementoRequest[] requests) {
		mementos.encode(requests);
	}
}
