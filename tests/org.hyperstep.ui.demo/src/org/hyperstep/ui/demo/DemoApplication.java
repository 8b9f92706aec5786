/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.eclipse.core.runtime.Platform;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.PlatformUI;

/**
 * The IDE with the demo's script running in it. Ends with status 0 if every stop was where it should be, else with 1. The
 * system property {@code hyperstep.demo.shots} names the directory for pictures of the workbench; with
 * {@code hyperstep.demo.figures} the bench's lines are printed instead.
 */
@SuppressWarnings("nls")
public final class DemoApplication implements IApplication {
	private static final String IDE = "org.eclipse.ui.ide.workbench";
	private static final Integer FAILED = Integer.valueOf(1);

	private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
	private @Nullable IApplication ide;

	@Override
	public Object start(@Nullable IApplicationContext context) throws Exception {
		IApplication workbench = (IApplication) Platform.getExtensionRegistry()
				.getExtension("org.eclipse.core.runtime.applications", IDE).getConfigurationElements()[0]
				.getChildren("run")[0].createExecutableExtension("class");
		ide = workbench;
		Thread script = new Thread(this::play, "Hyperstep demo");
		script.setDaemon(true);
		script.start();
		workbench.start(context);
		return outcome.getNow(Boolean.FALSE).booleanValue() ? EXIT_OK : FAILED;
	}

	@Override
	public void stop() {
		if (ide instanceof IApplication workbench) {
			workbench.stop();
		}
	}

	private void play() {
		Stage stage = new Stage(Optional.ofNullable(System.getProperty("hyperstep.demo.shots")).map(Path::of));
		try {
			stage.open();
			if (Boolean.getBoolean("hyperstep.demo.figures")) {
				new Figures(stage).print();
			} else {
				new Script(stage).play();
				stage.say("every stop was where it should be");
			}
			outcome.complete(Boolean.TRUE);
		} catch (Exception | AssertionError failure) {
			outcome.complete(Boolean.FALSE);
			stage.say("FAILED: " + failure.getMessage());
			failure.printStackTrace();
			stage.shootFailure();
		} finally {
			Display.getDefault().asyncExec(() -> PlatformUI.getWorkbench().close());
		}
	}
}
