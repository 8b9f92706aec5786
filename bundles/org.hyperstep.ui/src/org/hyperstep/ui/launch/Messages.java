/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String GuestTab_name = ""; //$NON-NLS-1$
	public static String GuestTab_image = ""; //$NON-NLS-1$
	public static String GuestTab_imageHelp = ""; //$NON-NLS-1$
	public static String GuestTab_commandLine = ""; //$NON-NLS-1$
	public static String GuestTab_commandLineHelp = ""; //$NON-NLS-1$
	public static String GuestTab_modules = ""; //$NON-NLS-1$
	public static String GuestTab_modulesHelp = ""; //$NON-NLS-1$
	public static String GuestTab_boot = ""; //$NON-NLS-1$
	public static String GuestTab_bootHelp = ""; //$NON-NLS-1$
	public static String GuestTab_note = ""; //$NON-NLS-1$
	public static String MachineTab_name = ""; //$NON-NLS-1$
	public static String MachineTab_virtualization = ""; //$NON-NLS-1$
	public static String MachineTab_virtualizationHelp = ""; //$NON-NLS-1$
	public static String MachineTab_level = ""; //$NON-NLS-1$
	public static String MachineTab_features = ""; //$NON-NLS-1$
	public static String MachineTab_featuresHelp = ""; //$NON-NLS-1$
	public static String MachineTab_levelHelp = ""; //$NON-NLS-1$
	public static String MachineTab_nested = ""; //$NON-NLS-1$
	public static String MachineTab_nestedHelp = ""; //$NON-NLS-1$
	public static String MachineTab_virtualApic = ""; //$NON-NLS-1$
	public static String MachineTab_virtualApicHelp = ""; //$NON-NLS-1$
	public static String MachineTab_resets = ""; //$NON-NLS-1$
	public static String MachineTab_resetsHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_secondLine = ""; //$NON-NLS-1$
	public static String DevicesTab_secondLineHelp = ""; //$NON-NLS-1$
	public static String Resets_restart = ""; //$NON-NLS-1$
	public static String Resets_restartAfterTripleFault = ""; //$NON-NLS-1$
	public static String Resets_end = ""; //$NON-NLS-1$
	public static String MachineTab_memory = ""; //$NON-NLS-1$
	public static String MachineTab_memoryHelp = ""; //$NON-NLS-1$
	public static String MachineTab_cpus = ""; //$NON-NLS-1$
	public static String MachineTab_cpusHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_name = ""; //$NON-NLS-1$
	public static String DevicesTab_disks = ""; //$NON-NLS-1$
	public static String DevicesTab_disksHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_diskBus = ""; //$NON-NLS-1$
	public static String DevicesTab_diskBusHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_diskChanges = ""; //$NON-NLS-1$
	public static String DevicesTab_diskChangesHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_cdroms = ""; //$NON-NLS-1$
	public static String DevicesTab_cdromsHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_network = ""; //$NON-NLS-1$
	public static String DevicesTab_networkHelp = ""; //$NON-NLS-1$
	public static String DevicesTab_note = ""; //$NON-NLS-1$
	public static String SteppingTab_name = ""; //$NON-NLS-1$
	public static String SteppingTab_stopAt = ""; //$NON-NLS-1$
	public static String SteppingTab_stopAtHelp = ""; //$NON-NLS-1$
	public static String SteppingTab_nonStop = ""; //$NON-NLS-1$
	public static String SteppingTab_nonStopHelp = ""; //$NON-NLS-1$
	public static String SteppingTab_journal = ""; //$NON-NLS-1$
	public static String SteppingTab_journalHelp = ""; //$NON-NLS-1$
	public static String Setting_mask = ""; //$NON-NLS-1$
	public static String Setting_maskSentence = ""; //$NON-NLS-1$
	public static String Setting_maskHelp = ""; //$NON-NLS-1$
	public static String Setting_nmi = ""; //$NON-NLS-1$
	public static String Setting_nmiSentence = ""; //$NON-NLS-1$
	public static String Setting_nmiHelp = ""; //$NON-NLS-1$
	public static String Setting_smi = ""; //$NON-NLS-1$
	public static String Setting_smiSentence = ""; //$NON-NLS-1$
	public static String Setting_smiHelp = ""; //$NON-NLS-1$
	public static String Setting_vmExits = ""; //$NON-NLS-1$
	public static String Setting_vmExitsSentence = ""; //$NON-NLS-1$
	public static String Setting_vmExitsHelp = ""; //$NON-NLS-1$
	public static String Setting_stepOver = ""; //$NON-NLS-1$
	public static String Setting_stepOverSentence = ""; //$NON-NLS-1$
	public static String Setting_stepOverHelp = ""; //$NON-NLS-1$
	public static String SteppingTab_mechanism = ""; //$NON-NLS-1$
	public static String SteppingTab_mechanismHelp = ""; //$NON-NLS-1$
	public static String SteppingTab_note = ""; //$NON-NLS-1$
	public static String Virtualization_vmx = ""; //$NON-NLS-1$
	public static String Virtualization_svm = ""; //$NON-NLS-1$
	public static String DiskBus_virtio = ""; //$NON-NLS-1$
	public static String DiskBus_ide = ""; //$NON-NLS-1$
	public static String DiskChanges_inMemory = ""; //$NON-NLS-1$
	public static String DiskChanges_inFiles = ""; //$NON-NLS-1$
	public static String Level_v2 = ""; //$NON-NLS-1$
	public static String Level_v3 = ""; //$NON-NLS-1$
	public static String Setting_workspace = ""; //$NON-NLS-1$
	public static String Setting_on = ""; //$NON-NLS-1$
	public static String Setting_off = ""; //$NON-NLS-1$
	public static String Mechanism_workspace = ""; //$NON-NLS-1$
	public static String Mechanism_automatic = ""; //$NON-NLS-1$
	public static String Mechanism_monitorTrapFlag = ""; //$NON-NLS-1$
	public static String Mechanism_rflagsTf = ""; //$NON-NLS-1$
	public static String FileChoice_workspace = ""; //$NON-NLS-1$
	public static String FileChoice_fileSystem = ""; //$NON-NLS-1$
	public static String FileChoice_samples = ""; //$NON-NLS-1$
	public static String FileChoice_workspaceTitle = ""; //$NON-NLS-1$
	public static String FileChoice_workspaceMessage = ""; //$NON-NLS-1$
	public static String FileChoice_fileSystemTitle = ""; //$NON-NLS-1$
	public static String FileChoice_samplesTitle = ""; //$NON-NLS-1$
	public static String FileChoice_samplesMessage = ""; //$NON-NLS-1$
	public static String FileChoice_sample = ""; //$NON-NLS-1$
	public static String FileChoice_noSample = ""; //$NON-NLS-1$
	public static String FileListField_add = ""; //$NON-NLS-1$
	public static String FileListField_remove = ""; //$NON-NLS-1$
	public static String FileListField_up = ""; //$NON-NLS-1$
	public static String FileListField_down = ""; //$NON-NLS-1$
	public static String Shortcut_title = ""; //$NON-NLS-1$
	public static String Shortcut_failed = ""; //$NON-NLS-1$
	public static String Shortcut_choose = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.launch.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
