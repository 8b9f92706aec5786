/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.debug.service.ISourceLookup;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IPath;
import org.eclipse.core.resources.IStorage;
import org.eclipse.debug.core.sourcelookup.ISourceLookupDirector;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.TargetException;

/** Between the paths in the image's debug information and the files of this machine. */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestSourceLookup extends GuestService implements ISourceLookup {
	private final ISourceLookupDirector director;

	/**
	 * Makes the service.
	 *
	 * @param director the launch's, which finds files by the paths that the compiler recorded
	 */
	public GuestSourceLookup(Guest guest, ISourceLookupDirector director) {
		super(guest, ISourceLookup.class, GuestSourceLookup.class);
		this.director = director;
	}

	/** Looks at file systems, so it happens on a thread of its own. */
	@Override
	public void getSource(ISourceLookupDMContext context, String debuggerPath, DataRequestMonitor<Object> rm) {
		relay(CompletableFuture.supplyAsync(() -> find(debuggerPath)), rm);
	}

	private Object find(String debuggerPath) {
		try {
			return Arrays.stream(director.findSourceElements(debuggerPath)).findFirst()
					.orElseThrow(() -> notFound(debuggerPath));
		} catch (CoreException failure) {
			throw new CompletionException(failure);
		}
	}

	private static CompletionException notFound(String path) {
		return new CompletionException(new TargetException(Messages.bind(Messages.Source_notFound, path)));
	}

	@Override
	public void getDebuggerPath(ISourceLookupDMContext context, Object source, DataRequestMonitor<String> rm) {
		String here = pathOf(source);
		relay(CompletableFuture.supplyAsync(() -> CompiledFiles.pathOf(target().symbols().sourceFiles(), here)
				.orElse(here)), rm);
	}

	private static String pathOf(Object source) {
		@Nullable
		IPath path = source instanceof IFile file ? file.getLocation()
				: source instanceof IStorage storage ? storage.getFullPath() : null;
		return path == null ? source.toString() : path.toOSString();
	}
}
