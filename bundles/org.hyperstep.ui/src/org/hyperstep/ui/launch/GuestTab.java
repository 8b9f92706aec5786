/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;

import org.eclipse.core.resources.IFile;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.DebugUITools;
import org.hyperstep.dsf.LaunchAttributes;

/** What runs: image, command line, modules, and how it is booted. */
public final class GuestTab extends FieldTab {
	public GuestTab() {
		super(Messages.GuestTab_name, "guest", Messages.GuestTab_note, List.of( //$NON-NLS-1$
				LaunchField.file(LaunchAttributes.IMAGE, Messages.GuestTab_image, Messages.GuestTab_imageHelp),
				LaunchField.text(LaunchAttributes.COMMAND_LINE, Messages.GuestTab_commandLine,
						Messages.GuestTab_commandLineHelp),
				LaunchField.files(LaunchAttributes.MODULES, Messages.GuestTab_modules, Messages.GuestTab_modulesHelp),
				LaunchField.text(LaunchAttributes.BOOT, Messages.GuestTab_boot, Messages.GuestTab_bootHelp)));
	}

	/** A new configuration is for the ELF file that is selected, if one is. */
	@Override
	public void setDefaults(ILaunchConfigurationWorkingCopy configuration) {
		super.setDefaults(configuration);
		if (Adapters.adapt(DebugUITools.getSelectedResource(), IFile.class) instanceof IFile selected
				&& ElfTester.isElf(selected)) {
			LaunchAttributes.IMAGE.set(configuration, FileChoice.workspacePath(selected));
			configuration.setMappedResources(new IFile[] { selected });
			configuration.rename(getLaunchConfigurationDialog().generateName(selected.getName()));
		}
	}
}
