/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.hyperstep.dsf.GuestFile;
import org.hyperstep.dsf.LaunchAttributes;

/** The workspace's project that a launch's image lies in. */
final class ImageProject {
	private ImageProject() {
	}

	/** The open project that contains the image; empty where the image is elsewhere, or not given. */
	static Optional<IProject> of(ILaunchConfiguration configuration) throws CoreException {
		String image = LaunchAttributes.IMAGE.get(configuration);
		if (image.isBlank()) {
			return Optional.empty();
		}
		Path file = GuestFile.locate(image).toAbsolutePath();
		return Arrays.stream(ResourcesPlugin.getWorkspace().getRoot().findFilesForLocationURI(file.toUri()))
				.map(IResource::getProject).filter(IProject::isOpen).findFirst();
	}
}
