/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.hyperstep.debug.ProcessorLevel;
import org.hyperstep.debug.ResetPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.DiskBus;
import org.hyperstep.dsf.DiskChanges;
import org.hyperstep.dsf.LaunchSetting;
import org.hyperstep.dsf.StepMechanismChoice;

/** How choices are named to users. Any thread. */
public final class ChoiceNames {
	private ChoiceNames() {
	}

	static String of(Virtualization choice) {
		return switch (choice) {
			case VMX -> Messages.Virtualization_vmx;
			case SVM -> Messages.Virtualization_svm;
		};
	}

	static String of(DiskBus choice) {
		return switch (choice) {
			case VIRTIO -> Messages.DiskBus_virtio;
			case IDE -> Messages.DiskBus_ide;
		};
	}

	static String of(DiskChanges choice) {
		return switch (choice) {
			case IN_MEMORY -> Messages.DiskChanges_inMemory;
			case IN_FILES -> Messages.DiskChanges_inFiles;
		};
	}

	static String of(ProcessorLevel choice) {
		return switch (choice) {
			case V2 -> Messages.Level_v2;
			case V3 -> Messages.Level_v3;
		};
	}

	static String of(ResetPolicy choice) {
		return switch (choice) {
			case RESTART -> Messages.Resets_restart;
			case RESTART_AFTER_TRIPLE_FAULT -> Messages.Resets_restartAfterTripleFault;
			case END -> Messages.Resets_end;
		};
	}

	static String of(LaunchSetting choice) {
		return switch (choice) {
			case WORKSPACE -> Messages.Setting_workspace;
			case ON -> Messages.Setting_on;
			case OFF -> Messages.Setting_off;
		};
	}

	static String of(StepMechanismChoice choice) {
		return choice == StepMechanismChoice.WORKSPACE ? Messages.Mechanism_workspace
				: of(choice.or(Mechanism.AUTOMATIC));
	}

	/** The name of a step mechanism. */
	public static String of(Mechanism mechanism) {
		return switch (mechanism) {
			case AUTOMATIC -> Messages.Mechanism_automatic;
			case MONITOR_TRAP_FLAG -> Messages.Mechanism_monitorTrapFlag;
			case RFLAGS_TF -> Messages.Mechanism_rflagsTf;
		};
	}
}
