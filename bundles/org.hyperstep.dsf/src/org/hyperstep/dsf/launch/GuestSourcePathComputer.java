/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.eclipse.cdt.debug.core.sourcelookup.AbsolutePathSourceContainer;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.sourcelookup.ISourceContainer;
import org.eclipse.debug.core.sourcelookup.ISourcePathComputerDelegate;
import org.eclipse.debug.core.sourcelookup.containers.DirectorySourceContainer;
import org.eclipse.debug.core.sourcelookup.containers.ProjectSourceContainer;
import org.hyperstep.dsf.GuestFile;
import org.hyperstep.dsf.LaunchAttributes;

/**
 * Where sources are looked for unless a launch says otherwise: in the project with the image, or else beside the image;
 * then where the compiler found them.
 */
public final class GuestSourcePathComputer implements ISourcePathComputerDelegate {
	@Override
	public ISourceContainer[] computeSourceContainers(ILaunchConfiguration configuration, IProgressMonitor monitor)
			throws CoreException {
		List<ISourceContainer> containers = new ArrayList<>();
		Optional<IProject> project = ImageProject.of(configuration);
		String image = LaunchAttributes.IMAGE.get(configuration);
		if (project.isPresent()) {
			containers.add(new ProjectSourceContainer(project.get(), true));
		} else if (!image.isBlank() && GuestFile.locate(image).toAbsolutePath().getParent() instanceof Path beside) {
			containers.add(new DirectorySourceContainer(beside.toFile(), false));
		}
		containers.add(new AbsolutePathSourceContainer());
		return containers.toArray(ISourceContainer[]::new);
	}
}
