/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import java.io.IOException;
import java.nio.file.Path;

import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.SubMonitor;
import org.hyperstep.samples.ExampleProject;

/** Puts the example project into a workspace. */
public final class ExampleProjectImport {
	private ExampleProjectImport() {
	}

	/**
	 * Writes the example project's files under the workspace's root and opens the project. A project that is there
	 * already keeps the files that the example doesn't have. Must not be called on the user interface's thread.
	 *
	 * @throws CoreException when the files cannot be written or the workspace refuses the project
	 */
	public static IProject into(IWorkspace workspace, IProgressMonitor monitor) throws CoreException {
		SubMonitor progress = SubMonitor.convert(monitor, 3);
		IProject project = workspace.getRoot().getProject(ExampleProject.NAME);
		Path directory = workspace.getRoot().getLocation().toFile().toPath().resolve(ExampleProject.NAME);
		try {
			ExampleProject.writeTo(directory);
		} catch (IOException e) {
			throw new CoreException(
					Status.error(Messages.bind(Messages.ExampleProjectImport_cannotWrite, directory), e));
		}
		if (!project.exists()) {
			project.create(progress.split(1));
		}
		project.open(progress.split(1));
		project.refreshLocal(IResource.DEPTH_INFINITE, progress.split(1));
		return project;
	}
}
