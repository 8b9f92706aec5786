/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import java.io.IOException;
import java.nio.file.Path;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.SubMonitor;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.samples.Sample;

/** Puts the example project into a workspace. */
public final class ExampleProjectImport {
	/** The project's folder of images. */
	static final String IMAGES = "built"; //$NON-NLS-1$

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

	/**
	 * The image of a sample in the workspace, where the example project is imported first if it lacks the image.
	 *
	 * @throws CoreException as {@link #into}
	 */
	public static IFile imageOf(Sample sample, IProgressMonitor monitor) throws CoreException {
		IWorkspace workspace = ResourcesPlugin.getWorkspace();
		IFile image = workspace.getRoot().getFile(new org.eclipse.core.runtime.Path(ExampleProject.NAME)
				.append(IMAGES).append(sample.fileName()));
		if (!image.exists()) {
			into(workspace, monitor);
		}
		return image;
	}
}
