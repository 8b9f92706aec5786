/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.jface.viewers.StructuredSelection;
import org.hyperstep.dsf.GuestFile;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.samples.Sample;
import org.hyperstep.ui.example.ExampleProjectImport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class GuestLaunchShortcutTest {
	private final GuestLaunchShortcut shortcut = new GuestLaunchShortcut();
	private final IProject project;

	GuestLaunchShortcutTest() throws CoreException {
		project = ExampleProjectImport.into(ResourcesPlugin.getWorkspace(), new NullProgressMonitor());
	}

	@AfterEach
	void deleteSamples() throws CoreException {
		project.delete(true, true, new NullProgressMonitor());
	}

	private IFile file(String path) {
		return project.getFile(path);
	}

	@Test
	void exampleProjectBringsConfigurationsOfItsImages() throws CoreException {
		List<String> names = GuestLaunchShortcut.configurationsOf(file("built/ticker.elf")).stream()
				.map(ILaunchConfiguration::getName).sorted().toList();
		assertEquals(List.of("ticker", "ticker-svm"), names);
	}

	@Test
	void everyConfigurationOfTheExampleProjectIsValid() throws CoreException {
		for (String image : List.of("built/ticker.elf", "built/seams.elf")) {
			for (ILaunchConfiguration each : GuestLaunchShortcut.configurationsOf(file(image))) {
				assertEquals("", LaunchAttributes.problem(each).orElse(""), each.getName());
			}
		}
	}

	@Test
	void createdConfigurationIsFoundForTheSameFileAgain() throws CoreException {
		IFile image = file("built/" + Sample.DEAD_LOOP.fileName());
		assertEquals(List.of(), GuestLaunchShortcut.configurationsOf(image));
		ILaunchConfiguration created = GuestLaunchShortcut.create(image);
		assertEquals(List.of(created), GuestLaunchShortcut.configurationsOf(image));
		assertEquals(image.getLocation().toPath(), GuestFile.locate(LaunchAttributes.IMAGE.get(created)));
		assertArrayEquals(new ILaunchConfiguration[] { created },
				shortcut.getLaunchConfigurations(new StructuredSelection(image)));
		created.delete();
	}

	@Test
	void onlyElfFilesAreOffered() {
		assertTrue(ElfTester.isElf(file("built/ticker.elf")));
		assertFalse(ElfTester.isElf(file("ticker/ticker.c")));
		assertFalse(ElfTester.isElf(file("no/such/file")));
		assertNull(shortcut.getLaunchConfigurations(new StructuredSelection(file("ticker/ticker.c"))));
		assertNull(shortcut.getLaunchableResource(new StructuredSelection(project)));
	}
}
