/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;

import org.hyperstep.dsf.LaunchAttributes;

/** What is attached to the machine: disks, CDs, a network. */
public final class DevicesTab extends FieldTab {
	public DevicesTab() {
		super(Messages.DevicesTab_name, "devices", Messages.DevicesTab_note, List.of( //$NON-NLS-1$
				LaunchField.files(LaunchAttributes.DISKS, Messages.DevicesTab_disks, Messages.DevicesTab_disksHelp),
				LaunchField.choice(LaunchAttributes.DISK_BUS, Messages.DevicesTab_diskBus,
						Messages.DevicesTab_diskBusHelp, ChoiceNames::of),
				LaunchField.choice(LaunchAttributes.DISK_CHANGES, Messages.DevicesTab_diskChanges,
						Messages.DevicesTab_diskChangesHelp, ChoiceNames::of),
				LaunchField.files(LaunchAttributes.CDROMS, Messages.DevicesTab_cdroms, Messages.DevicesTab_cdromsHelp),
				LaunchField.text(LaunchAttributes.NETWORK, Messages.DevicesTab_network,
						Messages.DevicesTab_networkHelp),
				LaunchField.text(LaunchAttributes.SECOND_LINE, Messages.DevicesTab_secondLine,
						Messages.DevicesTab_secondLineHelp)));
	}
}
