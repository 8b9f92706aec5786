/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.debug.ui.IDsfDebugUIConstants;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.AbstractDebugVMAdapter;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.SteppingController;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.expression.ExpressionVMProvider;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.register.RegisterVMProvider;
import org.eclipse.cdt.dsf.debug.ui.viewmodel.variable.VariableVMProvider;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.ui.viewmodel.IVMProvider;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IPresentationContext;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.jdt.annotation.Nullable;

/** The view models of a session: one provider a view. */
@ThreadSafe
final class GuestVMAdapter extends AbstractDebugVMAdapter {

	GuestVMAdapter(DsfSession session, SteppingController controller) {
		super(session, controller);
	}

	@Override
	protected @Nullable IVMProvider createViewModelProvider(IPresentationContext context) {
		return switch (context.getId()) {
			case IDebugUIConstants.ID_DEBUG_VIEW -> new GuestLaunchVMProvider(this, context, getSession());
			case IDebugUIConstants.ID_REGISTER_VIEW -> new RegisterVMProvider(this, context, getSession());
			case IDebugUIConstants.ID_VARIABLE_VIEW -> new VariableVMProvider(this, context, getSession());
			case IDebugUIConstants.ID_BREAKPOINT_VIEW -> new GuestBreakpointVMProvider(this, context, getSession());
			case IDebugUIConstants.ID_EXPRESSION_VIEW, IDsfDebugUIConstants.ID_EXPRESSION_HOVER ->
				new ExpressionVMProvider(this, context, getSession());
			default -> null;
		};
	}
}
