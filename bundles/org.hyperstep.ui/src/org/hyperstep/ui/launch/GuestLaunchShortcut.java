/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationType;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugModelPresentation;
import org.eclipse.debug.ui.ILaunchShortcut2;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.ErrorDialog;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.dialogs.ElementListSelectionDialog;
import org.hyperstep.dsf.GuestFile;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.ui.HyperstepUi;

/** Run As and Debug As > Hypervisor Guest, on ELF files and editors of them. A file keeps its configuration. */
public final class GuestLaunchShortcut implements ILaunchShortcut2 {
	@Override
	public void launch(@Nullable ISelection selection, @Nullable String mode) {
		fileIn(selection).ifPresent(file -> launch(file, String.valueOf(mode)));
	}

	@Override
	public void launch(@Nullable IEditorPart editor, @Nullable String mode) {
		fileIn(editor).ifPresent(file -> launch(file, String.valueOf(mode)));
	}

	private static Optional<IFile> fileIn(@Nullable ISelection selection) {
		return selection instanceof IStructuredSelection elements ? elfFile(elements.getFirstElement())
				: Optional.empty();
	}

	private static Optional<IFile> fileIn(@Nullable IEditorPart editor) {
		return editor == null ? Optional.empty() : elfFile(editor.getEditorInput());
	}

	private static Optional<IFile> elfFile(@Nullable Object element) {
		return Adapters.adapt(element, IFile.class) instanceof IFile file && ElfTester.isElf(file) ? Optional.of(file)
				: Optional.empty();
	}

	private static void launch(IFile file, String mode) {
		Shell shell = PlatformUI.getWorkbench().getModalDialogShellProvider().getShell();
		try {
			List<ILaunchConfiguration> existing = configurationsOf(file);
			Optional<ILaunchConfiguration> chosen = existing.isEmpty() ? Optional.of(create(file))
					: existing.size() == 1 ? Optional.of(existing.get(0)) : choose(shell, existing);
			chosen.ifPresent(configuration -> DebugUITools.launch(configuration, mode));
		} catch (CoreException e) {
			ErrorDialog.openError(shell, Messages.Shortcut_title, null,
					HyperstepUi.error(Messages.bind(Messages.Shortcut_failed, file.getName()), e));
		}
	}

	/** The configurations that launch this file. */
	static List<ILaunchConfiguration> configurationsOf(IFile file) throws CoreException {
		List<ILaunchConfiguration> found = new ArrayList<>();
		Path image = file.getLocation().toPath();
		for (ILaunchConfiguration candidate : manager().getLaunchConfigurations(type())) {
			if (isFor(candidate, image)) {
				found.add(candidate);
			}
		}
		return found;
	}

	private static boolean isFor(ILaunchConfiguration candidate, Path image) throws CoreException {
		String text = LaunchAttributes.IMAGE.get(candidate);
		if (text.isBlank()) {
			return false;
		}
		try {
			return GuestFile.locate(text).equals(image);
		} catch (CoreException variableOfAProjectThatIsGone) {
			return false;
		}
	}

	/** A new configuration for a file, saved in the workspace. */
	static ILaunchConfiguration create(IFile file) throws CoreException {
		ILaunchConfigurationWorkingCopy copy = type().newInstance(null,
				manager().generateLaunchConfigurationName(file.getName()));
		LaunchAttributes.IMAGE.set(copy, FileChoice.workspacePath(file));
		copy.setMappedResources(new IResource[] { file });
		return copy.doSave();
	}

	private static Optional<ILaunchConfiguration> choose(Shell shell, List<ILaunchConfiguration> candidates) {
		IDebugModelPresentation labels = DebugUITools.newDebugModelPresentation();
		ElementListSelectionDialog dialog = new ElementListSelectionDialog(shell, labels);
		dialog.setElements(candidates.toArray());
		dialog.setTitle(Messages.Shortcut_title);
		dialog.setMessage(Messages.Shortcut_choose);
		boolean chosen = dialog.open() == Window.OK;
		labels.dispose();
		return chosen && dialog.getFirstResult() instanceof ILaunchConfiguration configuration
				? Optional.of(configuration)
				: Optional.empty();
	}

	private static ILaunchManager manager() {
		return DebugPlugin.getDefault().getLaunchManager();
	}

	private static ILaunchConfigurationType type() {
		return manager().getLaunchConfigurationType(HyperstepDsf.LAUNCH_TYPE);
	}

	@Override
	public ILaunchConfiguration @Nullable [] getLaunchConfigurations(@Nullable ISelection selection) {
		return configurations(fileIn(selection));
	}

	@Override
	public ILaunchConfiguration @Nullable [] getLaunchConfigurations(@Nullable IEditorPart editor) {
		return configurations(fileIn(editor));
	}

	/** Null where there is nothing to launch; empty where the shortcut is to make a configuration. */
	private static ILaunchConfiguration @Nullable [] configurations(Optional<IFile> file) {
		if (file.isEmpty()) {
			return null;
		}
		try {
			return configurationsOf(file.get()).toArray(ILaunchConfiguration[]::new);
		} catch (CoreException e) {
			HyperstepUi.log(Messages.bind(Messages.Shortcut_failed, file.get().getName()), e);
			return new ILaunchConfiguration[0];
		}
	}

	@Override
	public @Nullable IResource getLaunchableResource(@Nullable ISelection selection) {
		return fileIn(selection).isPresent() ? fileIn(selection).get() : null;
	}

	@Override
	public @Nullable IResource getLaunchableResource(@Nullable IEditorPart editor) {
		return fileIn(editor).isPresent() ? fileIn(editor).get() : null;
	}
}
