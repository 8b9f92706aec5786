/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.AbstractLaunchVMProvider;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.LaunchRootVMNode;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.StackFramesVMNode;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.launch.StandardProcessVMNode;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.ui.viewmodel.AbstractVMAdapter;
import org.eclipse.cdt.dsf.ui.viewmodel.IRootVMNode;
import org.eclipse.cdt.dsf.ui.viewmodel.IVMNode;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IPresentationContext;

/** A launch in the Debug view: the guest with its virtual CPUs and their frames, and the process with the console. */
final class GuestLaunchVMProvider extends AbstractLaunchVMProvider {

	@ThreadSafe
	GuestLaunchVMProvider(AbstractVMAdapter adapter, IPresentationContext context, DsfSession session) {
		super(adapter, context, session);
		IRootVMNode launch = new LaunchRootVMNode(this);
		setRootNode(launch);
		IVMNode guest = new GuestVMNode(this, session);
		addChildNodes(launch, new IVMNode[] { guest, new StandardProcessVMNode(this) });
		IVMNode vcpus = new VcpuVMNode(this, session);
		addChildNodes(guest, new IVMNode[] { vcpus });
		addChildNodes(vcpus, new IVMNode[] { new StackFramesVMNode(this, session) });
	}
}
