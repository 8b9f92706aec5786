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
import org.hyperstep.ui.session.Guests;

/**
 * Whether something is so of the guest that the user looks at: what a toggle shows. It follows the debug context and the
 * guest, whoever changes that. UI thread.
 */
abstract class GuestState extends State {
	private final IDebugContextListener contexts = this::contextChanged;
	private final TargetListener changes = new TargetListener() {
		@Override
		public void policyChanged(Target target, StepPolicy policy) {
			showSoon();
		}

		@Override
		public void nonStopChanged(Target target, boolean nonStop) {
			showSoon();
		}
	};
	private Optional<Target> guest = Optional.empty();

	GuestState() {
		DebugUITools.getDebugContextManager().addDebugContextListener(contexts);
		follow(Guests.of(DebugUITools.getDebugContext()));
	}

	/** What the toggle shows; without a guest of one that would be launched. */
	abstract boolean holds(Optional<Target> ofGuest);

	@Override
	public void dispose() {
		DebugUITools.getDebugContextManager().removeDebugContextListener(contexts);
		guest.ifPresent(old -> old.removeListener(changes));
		super.dispose();
	}

	private void contextChanged(DebugContextEvent event) {
		if ((event.getFlags() & DebugContextEvent.ACTIVATED) != 0) {
			follow(Guests.in(event.getContext()));
		}
	}

	private void follow(Optional<Target> other) {
		if (!other.equals(guest)) {
			guest.ifPresent(old -> old.removeListener(changes));
			guest = other;
			guest.ifPresent(found -> found.addListener(changes));
		}
		show();
	}

	private void showSoon() {
		Display display = PlatformUI.getWorkbench().getDisplay();
		if (!display.isDisposed()) {
			display.asyncExec(this::show);
		}
	}

	private void show() {
		setValue(Boolean.valueOf(holds(guest)));
	}
}
