/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import java.util.Optional;

import org.eclipse.core.commands.State;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.contexts.DebugContextEvent;
import org.eclipse.debug.ui.contexts.IDebugContextListener;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.StepSetting;
import org.hyperstep.ui.session.Guests;

/**
 * Whether the guest that the user looks at masks hardware interrupts while stepping: what the toggle in the Debug view's
 * toolbar shows. It follows the debug context and the guest's policy, whoever changes that. UI thread.
 */
public final class MaskState extends State {
	private final IDebugContextListener contexts = this::contextChanged;
	private final TargetListener policies = new TargetListener() {
		@Override
		public void policyChanged(Target target, StepPolicy policy) {
			showSoon();
		}
	};
	private Optional<Target> guest = Optional.empty();

	public MaskState() {
		setValue(Boolean.valueOf(inWorkspace()));
		DebugUITools.getDebugContextManager().addDebugContextListener(contexts);
		follow(Guests.of(DebugUITools.getDebugContext()));
	}

	@Override
	public void dispose() {
		DebugUITools.getDebugContextManager().removeDebugContextListener(contexts);
		guest.ifPresent(old -> old.removeListener(policies));
		super.dispose();
	}

	private void contextChanged(DebugContextEvent event) {
		if ((event.getFlags() & DebugContextEvent.ACTIVATED) != 0) {
			follow(Guests.in(event.getContext()));
		}
	}

	private void follow(Optional<Target> other) {
		if (!other.equals(guest)) {
			guest.ifPresent(old -> old.removeListener(policies));
			guest = other;
			guest.ifPresent(found -> found.addListener(policies));
		}
		show();
	}

	private void showSoon() {
		Display display = PlatformUI.getWorkbench().getDisplay();
		if (!display.isDisposed()) {
			display.asyncExec(this::show);
		}
	}

	private static boolean inWorkspace() {
		return HypervisorPreferences.isOn(StepSetting.MASK_INTERRUPTS);
	}

	private void show() {
		setValue(Boolean.valueOf(
				guest.map(Target::policy).map(StepPolicy::masks).orElseGet(MaskState::inWorkspace)));
	}
}
