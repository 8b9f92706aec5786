/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.AbstractThreadVMNode;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.ui.viewmodel.datamodel.AbstractDMVMProvider;
import org.eclipse.cdt.dsf.ui.viewmodel.properties.IPropertiesUpdate;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementCompareRequest;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoProvider;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoRequest;
import org.hyperstep.dsf.service.VcpuDMContext;

/** The guest's virtual CPUs in the Debug view. */
final class VcpuVMNode extends AbstractThreadVMNode implements IElementMementoProvider {
	private final Mementos<VcpuDMContext> mementos = new Mementos<>("vcpu", VcpuDMContext.class, //$NON-NLS-1$
			context -> Integer.toString(context.cpu()));

	VcpuVMNode(AbstractDMVMProvider provider, DsfSession session) {
		super(provider, session);
	}

	@Override
	protected void updatePropertiesInSessionThread(IPropertiesUpdate[] updates) {
		for (IPropertiesUpdate update : updates) {
			if (findDmcInPath(update.getViewerInput(), update.getElementPath(),
					VcpuDMContext.class) instanceof VcpuDMContext vcpu) {
				update.setProperty(PROP_NAME, Messages.bind(Messages.Vcpu_name, vcpu.cpu()));
			}
		}
		super.updatePropertiesInSessionThread(updates);
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
