/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import org.eclipse.jface.action.Action;

/** An action of a view: its text, and what it does. */
public final class ViewAction extends Action {
	private final Runnable run;

	/** A button or an entry of a menu. */
	public ViewAction(String text, Runnable run) {
		this(text, AS_PUSH_BUTTON, run);
	}

	/**
	 * An action that may be one that stays pressed.
	 *
	 * @param style {@link #AS_PUSH_BUTTON} or {@link #AS_CHECK_BOX}
	 */
	public ViewAction(String text, int style, Runnable run) {
		super(text, style);
		this.run = run;
	}

	/** The same with an icon of this bundle, by its file's name without the ending. */
	public ViewAction withIcon(String icon) {
		setImageDescriptor(HyperstepUi.icon(icon));
		return this;
	}

	/** The same under the keys and the help of a command. */
	public ViewAction withCommand(String command) {
		setActionDefinitionId(command);
		return this;
	}

	@Override
	public void run() {
		run.run();
	}
}
