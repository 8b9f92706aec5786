/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.IAction;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Shell;
import org.hyperstep.debug.PendingEvent.Kind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.EngineRequest;

/** Raise an interrupt of a chosen vector, an NMI or an SMI, at the CPU that stopped last. */
final class RaiseActions {
	private static final int LOWEST = 16, HIGHEST = 255;
	private static final String HEXADECIMAL = "0x", USUAL = "0x20"; //$NON-NLS-1$ //$NON-NLS-2$

	private final Supplier<Optional<Target>> guest;
	private final Shell shell;
	private final List<IAction> all;

	RaiseActions(Shell shell, Supplier<Optional<Target>> guest) {
		this.shell = shell;
		this.guest = guest;
		this.all = List.of(action(Messages.Raise_interrupt, this::askForVector),
				action(Messages.Raise_nmi, () -> raise(Kind.NMI, 0)),
				action(Messages.Raise_smi, () -> raise(Kind.SMI, 0)));
	}

	/** For menus. */
	List<IAction> all() {
		return all;
	}

	void setEnabled(boolean enabled) {
		all.forEach(action -> action.setEnabled(enabled));
	}

	private static IAction action(String text, Runnable run) {
		return new Action(text) {
			@Override
			public void run() {
				run.run();
			}
		};
	}

	private void askForVector() {
		InputDialog dialog = new InputDialog(shell, Messages.Raise_title, Messages.Raise_vector, USUAL,
				text -> vector(text).isPresent() ? null : Messages.Raise_noVector);
		if (dialog.open() == Window.OK) {
			vector(dialog.getValue()).ifPresent(vector -> raise(Kind.INTERRUPT, vector));
		}
	}

	/** A vector in decimal, or in hexadecimal after 0x. */
	static OptionalInt vector(String text) {
		String number = text.strip().toLowerCase(java.util.Locale.ROOT);
		try {
			int vector = number.startsWith(HEXADECIMAL) ? Integer.parseInt(number.substring(HEXADECIMAL.length()), 16)
					: Integer.parseInt(number);
			return vector >= LOWEST && vector <= HIGHEST ? OptionalInt.of(vector) : OptionalInt.empty();
		} catch (NumberFormatException e) {
			return OptionalInt.empty();
		}
	}

	/** Has the engine raise an event; what comes of it is seen as any other pending event is. */
	void raise(Kind kind, int vector) {
		guest.get().ifPresent(target -> {
			int cpu = target.lastStop().map(StopEvent::cpu).orElse(Integer.valueOf(0)).intValue();
			EngineRequest.ask(Messages.bind(Messages.Raise_raising, PendingColumns.kind(kind), Integer.valueOf(cpu)),
					() -> target.raise(cpu, kind, vector));
		});
	}
}
