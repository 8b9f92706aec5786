/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.launch.LiveLaunches;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("nls")
class RefusedLaunchTest {
	private final Path directory;

	RefusedLaunchTest(@TempDir Path directory) {
		this.directory = directory;
	}

	@BeforeEach
	void showErrorDialogs() {
		Workbench.errorDialogs(true);
	}

	@AfterEach
	void showNoErrorDialogs() {
		Workbench.errorDialogs(false);
	}

	private void launchSays(Path image, String memory, String message) throws Exception {
		assertEquals(List.of(), Workbench.dialogs());
		ILaunchConfigurationWorkingCopy configuration = DebugPlugin.getDefault().getLaunchManager()
				.getLaunchConfigurationType(HyperstepDsf.LAUNCH_TYPE).newInstance(null, "refused");
		LaunchAttributes.IMAGE.set(configuration, image.toString());
		LaunchAttributes.MEMORY.set(configuration, memory);
		DebugUITools.launch(configuration, ILaunchManager.DEBUG_MODE);
		Workbench.awaitDialog(message);
		Workbench.await("nothing left running", () -> LiveLaunches.count() == 0);
	}

	@Test
	void missingFileIsNamedInOneDialog() throws Exception {
		launchSays(directory.resolve("missing.elf"), "64M", "missing.elf");
	}

	@Test
	void emptyFileIsNamedInOneDialog() throws Exception {
		launchSays(Files.createFile(directory.resolve("empty.elf")), "64M", "empty");
	}

	@Test
	void memoryBeyondTheHostsIsRefusedInOneDialog() throws Exception {
		launchSays(someFile(), "900T", "memory");
	}

	private Path someFile() throws IOException {
		return Files.write(directory.resolve("text.elf"), "no image\n".getBytes(StandardCharsets.UTF_8));
	}
}
