/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.GC;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.ImageLoader;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;

/** The workbench, as the script's thread acts on it, waits for it and takes pictures of it. */
@SuppressWarnings("nls")
final class Stage {
	private static final int WIDTH = 1600;
	private static final int HEIGHT = 1000;
	private static final long SECONDS = 60;
	/** Milliseconds between two looks at a condition. */
	private static final int POLL = 30;
	/** Looks in a row at which no job must run before a picture is taken. */
	private static final int QUIET = 35;

	private final long begin = System.nanoTime();
	private final Optional<Path> shots;
	private int shot;

	Stage(Optional<Path> shots) {
		this.shots = shots;
	}

	/** Waits for the workbench and gives it its size. */
	void open() throws Exception {
		CompletableFuture<Boolean> running = new CompletableFuture<>();
		Thread waiting = Thread.currentThread();
		while (!PlatformUI.isWorkbenchRunning() && waiting.isAlive()) {
			// The workbench has no event for its start that could be subscribed to before it has started.
			running.completeOnTimeout(Boolean.TRUE, POLL, TimeUnit.MILLISECONDS).join();
			running = new CompletableFuture<>();
		}
		await("the workbench's window", () -> PlatformUI.getWorkbench().getActiveWorkbenchWindow() != null
				|| PlatformUI.getWorkbench().getWorkbenchWindowCount() > 0);
		act("size of the window", () -> {
			Shell shell = window().getShell();
			shell.setMaximized(false);
			shell.setBounds(0, 0, WIDTH, HEIGHT);
			shell.forceActive();
			return shell;
		});
	}

	/** UI thread. */
	IWorkbenchWindow window() {
		return PlatformUI.getWorkbench().getWorkbenchWindows()[0];
	}

	/** UI thread. */
	IWorkbenchPage page() {
		return window().getActivePage();
	}

	/** One line with the seconds since the start. */
	void say(String text) {
		System.out.printf("[%6.2f s] demo: %s%n", Double.valueOf((System.nanoTime() - begin) / 1e9), text);
	}

	/** Does something on the UI thread and waits for its outcome. */
	<T> T act(String what, Callable<T> action) throws Exception {
		CompletableFuture<T> outcome = new CompletableFuture<>();
		Display.getDefault().asyncExec(() -> {
			try {
				outcome.complete(action.call());
			} catch (Exception | AssertionError failure) {
				outcome.completeExceptionally(failure);
			}
		});
		return get(what, outcome);
	}

	/** Waits until something is so on the UI thread. */
	void await(String what, BooleanSupplier condition) throws Exception {
		CompletableFuture<Boolean> holds = new CompletableFuture<>();
		Display.getDefault().asyncExec(() -> look(condition, holds));
		get(what, holds);
	}

	private static void look(BooleanSupplier condition, CompletableFuture<Boolean> holds) {
		if (holds.isDone()) {
			return;
		}
		if (condition.getAsBoolean()) {
			holds.complete(Boolean.TRUE);
		} else {
			Display.getDefault().timerExec(POLL, () -> look(condition, holds));
		}
	}

	/** Waits for an outcome. */
	<T> T get(String what, CompletableFuture<T> outcome) throws Exception {
		try {
			return outcome.get(SECONDS, TimeUnit.SECONDS);
		} catch (TimeoutException tooLong) {
			outcome.cancel(true);
			throw new AssertionError("waited " + SECONDS + " s for " + what, tooLong);
		} catch (ExecutionException failure) {
			throw new AssertionError(what + ": " + failure.getCause(), failure.getCause());
		}
	}

	/** Waits until the workbench has come to rest, and takes a picture of it. */
	void shoot(String name) throws Exception {
		settle();
		if (shots.isPresent()) {
			Path file = shots.get().resolve(String.format("%02d-%s.png", Integer.valueOf(++shot), name));
			act("the picture " + name, () -> picture(file));
		}
		say(name.replace('-', ' '));
	}

	/** Waits until the workbench has come to rest. */
	void settle() throws Exception {
		int[] quiet = { 0 };
		await("the workbench to come to rest", () -> {
			quiet[0] = busy() ? 0 : quiet[0] + 1;
			return quiet[0] > QUIET;
		});
	}

	/** Whether a job runs that a user would see; the platform's own never all rest. */
	private static boolean busy() {
		return Arrays.stream(Job.getJobManager().find(null))
				.anyMatch(job -> job.getState() == Job.RUNNING && !job.isSystem());
	}

	/** What was to be seen when it went wrong. */
	void shootFailure() {
		try {
			if (shots.isPresent()) {
				Path file = shots.get().resolve("failure.png");
				act("the picture of the failure", () -> picture(file));
			}
		} catch (Exception | AssertionError noPicture) {
			say("no picture: " + noPicture.getMessage());
		}
	}

	private Path picture(Path file) throws IOException {
		Files.createDirectories(file.getParent());
		Display display = Display.getDefault();
		Rectangle bounds = window().getShell().getBounds();
		Image image = new Image(display, bounds.width, bounds.height);
		GC screen = new GC(display);
		screen.copyArea(image, bounds.x, bounds.y);
		screen.dispose();
		ImageLoader loader = new ImageLoader();
		loader.data = new org.eclipse.swt.graphics.ImageData[] { image.getImageData() };
		loader.save(file.toString(), SWT.IMAGE_PNG);
		image.dispose();
		return file;
	}
}
