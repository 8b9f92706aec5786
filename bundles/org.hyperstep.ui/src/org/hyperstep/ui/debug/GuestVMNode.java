/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.Optional;

import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.AbstractContainerVMNode;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.ui.viewmodel.datamodel.AbstractDMVMProvider;
import org.eclipse.cdt.dsf.ui.viewmodel.properties.IPropertiesUpdate;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IChildrenUpdate;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementCompareRequest;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoProvider;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoRequest;
import org.hyperstep.dsf.service.Guest;
import org.hyperstep.dsf.service.GuestDMContext;
import org.hyperstep.dsf.service.GuestRunControl;

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
		guest().ifPresent(guest -> {
			for (IPropertiesUpdate update : updates) {
				update.setProperty(PROP_NAME, guest.target().name());
			}
		});
		super.updatePropertiesInSessionThread(updates);
	}

	private Optional<Guest> guest() {
		return Optional.ofNullable(getServicesTracker().getService(GuestRunControl.class)).map(GuestRunControl::guest);
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
