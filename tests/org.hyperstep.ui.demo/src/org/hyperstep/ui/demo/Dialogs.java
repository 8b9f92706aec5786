/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jface.preference.PreferenceDialog;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Event;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.ui.HyperstepUi;

/** The preference page and the tabs of the launch configuration. */
@SuppressWarnings("nls")
final class Dialogs {
	private static final String GROUP = "org.eclipse.debug.ui.launchGroup.debug";
	private static final int OWN_TABS = 4;

	private final Stage stage;

	Dialogs(Stage stage) {
		this.stage = stage;
	}

	void show() throws Exception {
		PreferenceDialog preferences = stage.act("the preference page", () -> {
			PreferenceDialog dialog = PreferencesUtil.createPreferenceDialogOn(stage.window().getShell(),
					HyperstepUi.PREFERENCE_PAGE, null, null);
			dialog.setBlockOnOpen(false);
			dialog.open();
			return dialog;
		});
		stage.shoot("preference-page");
		stage.act("its end", () -> Boolean.valueOf(preferences.close()));
		launchConfiguration();
	}

	private void launchConfiguration() throws Exception {
		ILaunchConfiguration configuration = DebugPlugin.getDefault().getLaunchManager().getLaunchConfiguration(
				ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME).getFile("ticker.launch"));
		// This dialog blocks: it is opened without waiting for it.
		Display.getDefault().asyncExec(() -> DebugUITools.openLaunchConfigurationDialogOnGroup(
				stage.window().getShell(), new StructuredSelection(configuration), GROUP));
		stage.await("the launch configuration's tabs", () -> tabs().isPresent());
		for (int tab = 0; tab < OWN_TABS; tab++) {
			int index = tab;
			String name = stage.act("a tab", () -> select(index));
			stage.shoot("tab-" + name.toLowerCase(Locale.ROOT));
		}
		stage.act("the dialog's end", () -> {
			tabs().ifPresent(folder -> folder.getShell().close());
			return Boolean.TRUE;
		});
	}

	private static String select(int index) {
		CTabFolder folder = tabs().orElseThrow();
		folder.setSelection(index);
		Event event = new Event();
		event.item = folder.getSelection();
		folder.notifyListeners(SWT.Selection, event);
		return folder.getItem(index).getText();
	}

	/** The launch configuration dialog's folder of tabs, if that dialog is open. */
	private static Optional<CTabFolder> tabs() {
		return Arrays.stream(Display.getDefault().getShells())
				.filter(shell -> shell.isVisible() && shell.getText().contains("Debug Configurations"))
				.flatMap(Dialogs::folders).findFirst();
	}

	private static Stream<CTabFolder> folders(Composite parent) {
		return Arrays.stream(parent.getChildren()).flatMap(child -> child instanceof CTabFolder folder
				? Stream.of(folder)
				: child instanceof Composite inner ? folders(inner) : Stream.empty());
	}
}
