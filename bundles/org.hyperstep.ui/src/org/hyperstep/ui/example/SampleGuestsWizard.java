/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import java.lang.reflect.InvocationTargetException;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.dialogs.ErrorDialog;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.ui.INewWizard;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.wizards.newresource.BasicNewResourceWizard;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.samples.Sample;
import org.hyperstep.ui.HyperstepUi;

/** File > New > Example… > Hyperstep > Sample guests. */
public final class SampleGuestsWizard extends Wizard implements INewWizard {
	private @Nullable IWorkbenchWindow window;

	@Override
	public void init(@Nullable IWorkbench workbench, @Nullable IStructuredSelection selection) {
		window = workbench == null ? null : workbench.getActiveWorkbenchWindow();
		setWindowTitle(Messages.SampleGuestsWizard_title);
		setNeedsProgressMonitor(true);
	}

	@Override
	public void addPages() {
		addPage(new SampleGuestsPage());
	}

	@Override
	public boolean performFinish() {
		try {
			getContainer().run(true, true, this::create);
			reveal();
			return true;
		} catch (InvocationTargetException e) {
			IStatus status = e.getCause() instanceof CoreException refused ? refused.getStatus()
					: HyperstepUi.error(Messages.SampleGuestsWizard_failed, e.getCause());
			ErrorDialog.openError(getShell(), Messages.SampleGuestsWizard_title, null, status);
		} catch (InterruptedException e) {
			// cancelled: what was written so far is of use only with the rest, which the next import brings
		}
		return false;
	}

	private void create(@Nullable IProgressMonitor monitor) throws InvocationTargetException {
		try {
			ExampleProjectImport.into(ResourcesPlugin.getWorkspace(), SubMonitor.convert(monitor));
		} catch (CoreException e) {
			throw new InvocationTargetException(e);
		}
	}

	private void reveal() {
		IProject project = ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME);
		IFile image = project.getFile(ExampleProjectImport.IMAGES + '/' + Sample.TICKER.fileName());
		if (window instanceof IWorkbenchWindow shown) {
			BasicNewResourceWizard.selectAndReveal(image.exists() ? image : project, shown);
		}
	}
}
