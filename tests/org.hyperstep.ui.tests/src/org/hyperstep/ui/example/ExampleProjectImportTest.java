/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.hyperstep.samples.ExampleProject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class ExampleProjectImportTest {
	private final IWorkspace workspace = ResourcesPlugin.getWorkspace();

	@AfterEach
	void deleteTheProject() throws CoreException {
		workspace.getRoot().getProject(ExampleProject.NAME).delete(true, true, new NullProgressMonitor());
	}

	@Test
	void importedProjectIsOpenAndHoldsSourceAndImage() throws CoreException {
		IProject project = ExampleProjectImport.into(workspace, new NullProgressMonitor());
		assertTrue(project.isOpen());
		assertTrue(project.getFile("ticker/ticker.c").exists());
		assertTrue(project.getFile("built/ticker.elf").exists());
	}

	@Test
	void secondImportKeepsFilesOfThePerson() throws CoreException {
		IProject project = ExampleProjectImport.into(workspace, new NullProgressMonitor());
		IFile own = project.getFile("own.c");
		own.create("int own;".getBytes(StandardCharsets.UTF_8), true, false, new NullProgressMonitor());
		assertEquals(project, ExampleProjectImport.into(workspace, new NullProgressMonitor()));
		assertTrue(own.exists());
	}
}
