/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;

import org.hyperstep.dsf.LaunchAttributes;

/** What it runs on: virtualization, level of the processors, memory, CPUs. */
public final class MachineTab extends FieldTab {
	private static final int MOST_CPUS = 64;

	public MachineTab() {
		super(Messages.MachineTab_name, "machine", "", List.of( //$NON-NLS-1$ //$NON-NLS-2$
				LaunchField.choice(LaunchAttributes.VIRTUALIZATION, Messages.MachineTab_virtualization,
						Messages.MachineTab_virtualizationHelp, ChoiceNames::of),
				LaunchField.choice(LaunchAttributes.LEVEL, Messages.MachineTab_level, Messages.MachineTab_levelHelp,
						ChoiceNames::of),
				LaunchField.flag(LaunchAttributes.NESTED, Messages.MachineTab_nested, Messages.MachineTab_nestedHelp),
				LaunchField.flag(LaunchAttributes.VIRTUAL_APIC, Messages.MachineTab_virtualApic,
						Messages.MachineTab_virtualApicHelp),
				LaunchField.text(LaunchAttributes.FEATURES, Messages.MachineTab_features,
						Messages.MachineTab_featuresHelp),
				LaunchField.text(LaunchAttributes.MEMORY, Messages.MachineTab_memory, Messages.MachineTab_memoryHelp),
				LaunchField.number(LaunchAttributes.CPUS, Messages.MachineTab_cpus, Messages.MachineTab_cpusHelp, 1,
						MOST_CPUS),
				LaunchField.choice(LaunchAttributes.RESETS, Messages.MachineTab_resets, Messages.MachineTab_resetsHelp,
						ChoiceNames::of)));
	}
}
