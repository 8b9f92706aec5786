/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import org.eclipse.core.resources.IWorkspace;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.jdt.annotation.Nullable;

/** An application without a user interface: puts the example project into the workspace and ends. */
public final class ImportExampleProject implements IApplication {
	@Override
	public Object start(@Nullable IApplicationContext context) throws CoreException {
		IWorkspace workspace = ResourcesPlugin.getWorkspace();
		ExampleProjectImport.into(workspace, new NullProgressMonitor());
		workspace.save(true, new NullProgressMonitor());
		return EXIT_OK;
	}

	@Override
	public void stop() {
		// Nothing to interrupt: the import is a matter of milliseconds.
	}
}
