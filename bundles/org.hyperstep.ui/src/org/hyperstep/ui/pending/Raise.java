/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Shell;
import org.hyperstep.debug.PendingEvent.Kind;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.EngineRequest;
import org.hyperstep.ui.session.Guests;

/** Events that the user raises at the CPU that he looks at. UI thread. */
enum Raise {
	/** An interrupt of a vector that he is asked for. */
	INTERRUPT(HyperstepUi.RAISE_INTERRUPT_COMMAND, Kind.INTERRUPT),
	/** A non-maskable interrupt. */
	NMI(HyperstepUi.RAISE_NMI_COMMAND, Kind.NMI),
	/** A system-management interrupt. */
	SMI(HyperstepUi.RAISE_SMI_COMMAND, Kind.SMI);

	private static final int LOWEST = 16, HIGHEST = 255;
	private static final String HEXADECIMAL = "0x", USUAL = "0x20"; //$NON-NLS-1$ //$NON-NLS-2$

	private final String command;
	private final Kind kind;

	Raise(String command, Kind kind) {
		this.command = command;
		this.kind = kind;
	}

	/** The command that raises it. */
	String command() {
		return command;
	}

	/** How it is named in menus. */
	String label() {
		return switch (this) {
			case INTERRUPT -> Messages.Raise_interrupt;
			case NMI -> Messages.Raise_nmi;
			case SMI -> Messages.Raise_smi;
		};
	}

	/** Raises it at a guest; asks for what has to be known. */
	void perform(Shell shell, Target guest) {
		if (kind == Kind.INTERRUPT) {
			askForVector(shell).ifPresent(vector -> raise(guest, kind, vector));
		} else {
			raise(guest, kind, 0);
		}
	}

	private static OptionalInt askForVector(Shell shell) {
		InputDialog dialog = new InputDialog(shell, Messages.Raise_title, Messages.Raise_vector, USUAL,
				text -> vector(text).isPresent() ? null : Messages.Raise_noVector);
		return dialog.open() == Window.OK ? vector(Optional.ofNullable(dialog.getValue()).orElse("")) //$NON-NLS-1$
				: OptionalInt.empty();
	}

	/** A vector in decimal, or in hexadecimal after 0x. */
	static OptionalInt vector(String text) {
		String number = text.strip().toLowerCase(Locale.ROOT);
		try {
			int vector = number.startsWith(HEXADECIMAL) ? Integer.parseInt(number.substring(HEXADECIMAL.length()), 16)
					: Integer.parseInt(number);
			return vector >= LOWEST && vector <= HIGHEST ? OptionalInt.of(vector) : OptionalInt.empty();
		} catch (NumberFormatException e) {
			return OptionalInt.empty();
		}
	}

	/** Has the engine raise an event; what comes of it is seen as any other pending event is. */
	static void raise(Target guest, Kind kind, int vector) {
		int cpu = Guests.cpu(DebugUITools.getDebugContext(), guest);
		EngineRequest.ask(Messages.bind(Messages.Raise_raising, PendingColumns.kind(kind), Integer.valueOf(cpu)),
				() -> guest.raise(cpu, kind, vector));
	}
}
