/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.eclipse.jface.dialogs.ErrorDialog;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;

/** The workbench under test, from its own thread: while something is waited for, its events are handled. */
@SuppressWarnings("nls")
public final class Workbench {
	private static final long SECONDS = 60;
	private static final int POLL_MILLIS = 20;

	private Workbench() {
	}

	/** Handles events until something is so; fails when it takes too long. */
	public static void await(String what, BooleanSupplier condition) {
		Display display = Display.getCurrent();
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
		while (!condition.getAsBoolean()) {
			assertTrue(System.nanoTime() < deadline, "waited " + SECONDS + " s for " + what);
			display.timerExec(POLL_MILLIS, () -> {
				// ends the sleep below
			});
			if (!display.readAndDispatch()) {
				display.sleep();
			}
		}
	}

	/** Handles events until an outcome is there, and gives it. */
	public static <T> T get(String what, CompletableFuture<T> outcome) {
		await(what, outcome::isDone);
		return outcome.join();
	}

	public static IWorkbenchWindow window() {
		return PlatformUI.getWorkbench().getWorkbenchWindows()[0];
	}

	public static IWorkbenchPage page() {
		return window().getActivePage();
	}

	/** The dialogs that are open. */
	public static List<Shell> dialogs() {
		Shell window = window().getShell();
		return Arrays.stream(Display.getCurrent().getShells()).filter(shell -> shell.isVisible() && shell != window)
				.toList();
	}

	/**
	 * Whether errors open dialogs, as they do for a person; the workbench's test harness switches that off before the first
	 * test.
	 */
	public static void errorDialogs(boolean shown) {
		ErrorDialog.AUTOMATED_MODE = !shown;
	}

	/**
	 * Waits until the one dialog that is open says something, and closes it. A dialog that nobody closes would collect what
	 * is reported later.
	 */
	public static void awaitDialog(String message) {
		await("a dialog with: " + message,
				() -> dialogs().stream().flatMap(Workbench::texts).anyMatch(text -> text.contains(message)));
		assertEquals(1, dialogs().size());
		dialogs().forEach(Shell::close);
	}

	private static Stream<String> texts(Composite parent) {
		return Arrays.stream(parent.getChildren()).flatMap(child -> child instanceof Label label
				? Stream.of(label.getText())
				: child instanceof Text text ? Stream.of(text.getText())
						: child instanceof Composite inner ? texts(inner) : Stream.empty());
	}

	/** Opens a view and gives its part. */
	public static <T extends IViewPart> T show(String view, Class<T> type) throws PartInitException {
		return type.cast(page().showView(view));
	}
}
