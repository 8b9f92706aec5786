/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.variables.VariablesPlugin;

/** The files that a launch configuration names. */
public final class GuestFile {
	private GuestFile() {
	}

	/**
	 * Where a file is: after substitution of variables a path of the file system, or else of the workspace
	 * ({@code /project/folder/file}). The file may be missing. Any thread.
	 *
	 * @throws CoreException where a variable is unknown or the text can't be a path
	 */
	public static Path locate(String text) throws CoreException {
		String substituted = VariablesPlugin.getDefault().getStringVariableManager()
				.performStringSubstitution(text.strip());
		Path file;
		try {
			file = Path.of(substituted);
		} catch (InvalidPathException notAPath) {
			throw HyperstepDsf.failure(Messages.bind(Messages.Launch_noPath, substituted), notAPath);
		}
		if (!Files.exists(file)
				&& ResourcesPlugin.getWorkspace().getRoot().findMember(substituted) instanceof IResource found
				&& found.getLocation() instanceof IPath location) {
			return location.toPath();
		}
		return file;
	}
}
