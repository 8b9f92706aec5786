/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.StepMechanismChoice;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may get wrong is answered by one line that says what, and no launch and no session is left of it. */
@SuppressWarnings("nls")
class BadInputTest {
	@TempDir
	Path directory = Path.of("");

	private static void refused(ILaunchConfigurationWorkingCopy configuration, String... words) {
		int launches = LaunchedGuest.manager().getLaunches().length;
		CoreException refusal = assertThrows(CoreException.class,
				() -> configuration.launch(ILaunchManager.DEBUG_MODE, new NullProgressMonitor()));
		String message = refusal.getStatus().getMessage();
		assertFalse(message.contains("\n"), message);
		for (String word : words) {
			assertTrue(message.contains(word), "'" + message + "' says '" + word + "'");
		}
		assertEquals(launches, LaunchedGuest.manager().getLaunches().length);
		LiveLaunches.closeAll();
		assertEquals(0, LiveLaunches.count());
	}

	private static void refusedImage(Path image, String... words) throws Exception {
		refused(LaunchedGuest.configuration(image.toString()), words);
	}

	private static ILaunchConfigurationWorkingCopy ticker() throws Exception {
		return LaunchedGuest.configuration(Sample.TICKER);
	}

	@Test
	void noImage() throws Exception {
		refused(LaunchedGuest.configuration(" "), "image");
	}

	@Test
	void missingFile() throws Exception {
		refusedImage(directory.resolve("missing.elf"), "missing.elf", "no file");
	}

	@Test
	void directoryAsImage() throws Exception {
		refusedImage(directory, "directory");
	}

	@Test
	void unknownVariable() throws Exception {
		refused(LaunchedGuest.configuration("${no_such_variable}/ticker.elf"), "no_such_variable");
	}

	@Test
	void emptyFile() throws Exception {
		refusedImage(Files.createFile(directory.resolve("empty.elf")), "empty.elf", "empty");
	}

	@Test
	void notAnImage() throws Exception {
		refusedImage(Files.writeString(directory.resolve("text.elf"), "just a text\n".repeat(1000)), "text.elf");
	}

	@Test
	void truncatedElf() throws Exception {
		byte[] whole = Files.readAllBytes(LaunchedGuest.image(Sample.TICKER));
		refusedImage(Files.write(directory.resolve("short.elf"), Arrays.copyOf(whole, 3000)), "short.elf");
	}

	@Test
	void missingModule() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker();
		LaunchAttributes.MODULES.set(configuration, java.util.List.of(directory.resolve("no.module").toString()));
		refused(configuration, "no.module");
	}

	@Test
	void memoryThatIsNoNumber() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker();
		LaunchAttributes.MEMORY.set(configuration, "plenty");
		refused(configuration, "plenty", "256M");
	}

	@Test
	void memoryOfNothing() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker();
		LaunchAttributes.MEMORY.set(configuration, "0");
		refused(configuration, "at least", "memory");
	}

	@Test
	void memoryBeyondTheHost() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker();
		LaunchAttributes.MEMORY.set(configuration, "256G");
		refused(configuration, "memory");
	}

	@Test
	void noCpus() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker();
		LaunchAttributes.CPUS.set(configuration, 0);
		refused(configuration, "CPUs");
	}

	@Test
	void svmWithTheMonitorTrapFlag() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker();
		LaunchAttributes.VIRTUALIZATION.set(configuration, Virtualization.SVM);
		LaunchAttributes.STEP_MECHANISM.set(configuration, StepMechanismChoice.MONITOR_TRAP_FLAG);
		refused(configuration, "SVM", "monitor trap flag");
	}
}
