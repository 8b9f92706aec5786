/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.jface.dialogs.MessageDialogWithToggle;
import org.eclipse.jface.preference.IPreferenceStore;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.swtbot.eclipse.finder.SWTWorkbenchBot;
import org.eclipse.swtbot.eclipse.finder.widgets.SWTBotView;
import org.eclipse.swtbot.swt.finder.finders.UIThreadRunnable;
import org.eclipse.swtbot.swt.finder.matchers.WidgetMatcherFactory;
import org.eclipse.swtbot.swt.finder.waits.DefaultCondition;
import org.eclipse.swtbot.swt.finder.widgets.SWTBotShell;
import org.eclipse.swtbot.swt.finder.widgets.SWTBotTreeItem;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.preferences.ScopedPreferenceStore;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.ui.session.Guests;

/** Does with the workbench what a person does: by menus, buttons and keys. Not on the UI thread. */
@SuppressWarnings("nls")
final class Person implements AutoCloseable {
	private static final long PATIENCE_MILLIS = 60_000;

	private final SWTWorkbenchBot bot = new SWTWorkbenchBot();

	Person() {
		IPreferenceStore debug = new ScopedPreferenceStore(InstanceScope.INSTANCE, IDebugUIConstants.PLUGIN_ID);
		debug.setValue(IDebugUIConstants.PLUGIN_ID + ".switch_to_perspective", MessageDialogWithToggle.ALWAYS);
		bot.views().stream().filter(view -> view.getTitle().equals("Welcome")).forEach(SWTBotView::close);
	}

	SWTWorkbenchBot bot() {
		return bot;
	}

	void await(String what, BooleanSupplier condition) {
		bot.waitUntil(new DefaultCondition() {
			@Override
			public boolean test() {
				return condition.getAsBoolean();
			}

			@Override
			public String getFailureMessage() {
				return "waited for " + what;
			}
		}, PATIENCE_MILLIS);
	}

	/** File > New > Example… > Hyperstep > Sample guests. */
	void importSamples() {
		bot.menu("File").menu("New").menu("Example...").click();
		SWTBotShell wizard = bot.shell("New Example").activate();
		wizard.bot().tree().expandNode("Examples", "Hyperstep").select("Sample guests");
		wizard.bot().button("Next >").click();
		wizard.bot().button("Finish").click();
		await("the wizard's end", () -> !wizard.isOpen());
	}

	/** Debug As > Hypervisor Guest on an image in the Project Explorer, with one of its configurations. */
	void debugAs(String image, String configuration) {
		bot.perspectiveById("org.eclipse.ui.resourcePerspective").activate();
		SWTBotView explorer = bot.viewById("org.eclipse.ui.navigator.ProjectExplorer");
		explorer.show();
		SWTBotTreeItem folder = explorer.bot().tree().expandNode(ExampleProject.NAME, "built");
		await(image, () -> folder.getNodes().contains(image));
		folder.getNode(image).select().contextMenu("Debug As")
				.menu(WidgetMatcherFactory.withRegex(".*Hypervisor Guest"), false, 0).click();
		SWTBotShell choice = bot.shell("Hypervisor Guest").activate();
		choice.bot().table().select(configuration);
		choice.bot().button("OK").click();
	}

	/** Whether a dialog's title area says something. */
	boolean saysInDialog(SWTBotShell dialog, String message) {
		return UIThreadRunnable.syncExec(() -> texts(dialog.widget).anyMatch(text -> text.contains(message)));
	}

	private static Stream<String> texts(Composite parent) {
		return Arrays.stream(parent.getChildren()).flatMap(child -> child instanceof Text text
				? Stream.of(text.getText())
				: child instanceof Label label ? Stream.of(label.getText())
						: child instanceof CLabel label ? Stream.of(String.valueOf(label.getText()))
								: child instanceof Composite inner ? texts(inner) : Stream.empty());
	}

	/** The guest of the newest launch. */
	Target guest() {
		return Guests.listed().get(0);
	}

	/** Waits until the Debug view shows a frame whose label begins so. */
	void awaitFrame(String label) {
		await("the frame " + label, () -> frames().stream().anyMatch(frame -> frame.startsWith(label)));
	}

	/** The labels of all that the Debug view shows. */
	List<String> frames() {
		SWTBotView debug = bot.viewById(IDebugUIConstants.ID_DEBUG_VIEW);
		return Arrays.stream(debug.bot().tree().getAllItems()).flatMap(Person::labels).toList();
	}

	private static Stream<String> labels(SWTBotTreeItem item) {
		return Stream.concat(Stream.of(item.getText()),
				Arrays.stream(item.getItems()).flatMap(Person::labels));
	}

	/**
	 * Chooses a command of the Run menu, again if the workbench did not take it the first time because it was busy with the
	 * last stop, and waits for the stop that follows.
	 */
	StopEvent step(String command) {
		Target guest = guest();
		StopEvent before = guest.lastStop().orElseThrow();
		await("the stop after " + command, () -> {
			if (!guest.running() && guest.lastStop().filter(stop -> stop == before).isPresent()) {
				bot.menu("Run").menu(command).click();
			}
			return !guest.running() && guest.lastStop().filter(stop -> stop != before).isPresent();
		});
		return guest.lastStop().orElseThrow();
	}

	/** The function that the guest stands in. */
	String function() {
		return guest().symbols().symbolAt(guest().lastStop().orElseThrow().linear()).orElseThrow().name();
	}

	private static void closeDialogs() {
		UIThreadRunnable.syncExec(() -> {
			for (Shell shell : PlatformUI.getWorkbench().getWorkbenchWindows()[0].getShell().getShells()) {
				shell.close();
			}
		});
	}

	/** Ends all that was begun. */
	@Override
	public void close() throws CoreException {
		closeDialogs();
		for (ILaunch launch : DebugPlugin.getDefault().getLaunchManager().getLaunches()) {
			launch.terminate();
			await("the end of the launch", launch::isTerminated);
			DebugPlugin.getDefault().getLaunchManager().removeLaunch(launch);
		}
		HypervisorPreferences.setMaskInterrupts(true);
		PlatformUI.getWorkbench().getDisplay()
				.syncExec(() -> PlatformUI.getWorkbench().getWorkbenchWindows()[0].getActivePage()
						.closeAllEditors(false));
		IProject project = ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME);
		project.delete(true, true, new NullProgressMonitor());
	}
}
