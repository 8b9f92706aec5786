/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.jface.dialogs.ErrorDialog;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.dialogs.ElementTreeSelectionDialog;
import org.eclipse.ui.dialogs.ListDialog;
import org.eclipse.ui.model.BaseWorkbenchContentProvider;
import org.eclipse.ui.model.WorkbenchLabelProvider;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.samples.Sample;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.example.ExampleProjectImport;

/** The ways to choose a file of a guest: from the workspace, the file system, or the samples. UI thread. */
final class FileChoice {
	private FileChoice() {
	}

	/** The ways by their names; what is chosen is handed on as launch attributes hold it. */
	static Map<String, Runnable> ways(Shell shell, Consumer<String> chosen) {
		Map<String, Runnable> ways = new LinkedHashMap<>();
		ways.put(Messages.FileChoice_workspace, () -> fromWorkspace(shell, chosen));
		ways.put(Messages.FileChoice_fileSystem, () -> fromFileSystem(shell, chosen));
		ways.put(Messages.FileChoice_samples, () -> fromSamples(shell, chosen));
		return ways;
	}

	/** Fills a composite with a button for each way. */
	static void addButtons(Composite parent, Consumer<String> chosen) {
		Map<String, Runnable> ways = ways(parent.getShell(), chosen);
		GridLayoutFactory.fillDefaults().numColumns(ways.size()).applyTo(parent);
		ways.forEach((name, way) -> {
			Button button = new Button(parent, SWT.PUSH);
			button.setText(name);
			button.addListener(SWT.Selection, event -> way.run());
		});
	}

	/** How a launch attribute names a file of the workspace. */
	static String workspacePath(IFile file) {
		return "${workspace_loc:" + file.getFullPath() + '}'; //$NON-NLS-1$
	}

	private static void fromWorkspace(Shell shell, Consumer<String> chosen) {
		ElementTreeSelectionDialog dialog = new ElementTreeSelectionDialog(shell, new WorkbenchLabelProvider(),
				new BaseWorkbenchContentProvider());
		dialog.setTitle(Messages.FileChoice_workspaceTitle);
		dialog.setMessage(Messages.FileChoice_workspaceMessage);
		dialog.setInput(ResourcesPlugin.getWorkspace().getRoot());
		dialog.setAllowMultiple(false);
		dialog.setValidator(selection -> selection.length == 1 && selection[0] instanceof IFile
				? org.eclipse.core.runtime.Status.OK_STATUS
				: HyperstepUi.error(Messages.FileChoice_workspaceMessage, null));
		if (dialog.open() == Window.OK && dialog.getFirstResult() instanceof IFile file) {
			chosen.accept(workspacePath(file));
		}
	}

	private static void fromFileSystem(Shell shell, Consumer<String> chosen) {
		FileDialog dialog = new FileDialog(shell, SWT.OPEN);
		dialog.setText(Messages.FileChoice_fileSystemTitle);
		if (dialog.open() instanceof String path) {
			chosen.accept(path);
		}
	}

	private static void fromSamples(Shell shell, Consumer<String> chosen) {
		ListDialog dialog = new ListDialog(shell);
		dialog.setTitle(Messages.FileChoice_samplesTitle);
		dialog.setMessage(Messages.FileChoice_samplesMessage);
		dialog.setContentProvider(ArrayContentProvider.getInstance());
		dialog.setLabelProvider(LabelProvider.createTextProvider(FileChoice::describe));
		dialog.setInput(List.of(Sample.values()));
		dialog.setWidthInChars(80);
		if (dialog.open() == Window.OK && dialog.getResult() instanceof Object[] result && result.length == 1
				&& result[0] instanceof Sample sample) {
			sampleInWorkspace(shell, sample, chosen);
		}
	}

	private static String describe(Object element) {
		return element instanceof Sample sample
				? Messages.bind(Messages.FileChoice_sample, sample.label(), sample.description())
				: ""; //$NON-NLS-1$
	}

	private static void sampleInWorkspace(Shell shell, Sample sample, Consumer<String> chosen) {
		try {
			chosen.accept(workspacePath(ExampleProjectImport.imageOf(sample, new NullProgressMonitor())));
		} catch (CoreException e) {
			ErrorDialog.openError(shell, Messages.FileChoice_samplesTitle, null, HyperstepUi
					.error(Messages.bind(Messages.FileChoice_noSample, sample.label(), ExampleProject.NAME), e));
		}
	}
}
