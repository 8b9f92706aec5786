/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.resource.ResourceLocator;
import org.eclipse.swt.graphics.Image;

/** Names under which this bundle is known to Eclipse, and its icons. */
@SuppressWarnings("nls")
public final class HyperstepUi {
	/** Symbolic name of this bundle, and prefix of its identifiers. */
	public static final String ID = "org.hyperstep.ui";
	/** View: everything that happened to the guest. */
	public static final String GUEST_EVENTS_VIEW = ID + ".guestEvents";
	/** View: what is held back from the guest. */
	public static final String PENDING_EVENTS_VIEW = ID + ".pendingEvents";
	/** View: how many VM exits the guest caused, why and where. */
	public static final String VM_EXITS_VIEW = ID + ".vmExits";
	/** Command: let the CPUs of the running session stop and run each for itself, or all together. */
	public static final String NON_STOP_COMMAND = ID + ".nonStop";
	/** Command: mask hardware interrupts while stepping, or no longer, in the running session. */
	public static final String MASK_COMMAND = ID + ".maskInterrupts";
	/** Command: deliver the event that is selected in the Pending Events view. */
	public static final String DELIVER_COMMAND = ID + ".deliverNow";
	/** Command: deliver all that is held back from the guest. */
	public static final String DELIVER_ALL_COMMAND = ID + ".deliverAll";
	/** Command: raise an interrupt at the CPU that the user looks at. */
	public static final String RAISE_INTERRUPT_COMMAND = ID + ".raiseInterrupt";
	/** Command: raise an NMI there. */
	public static final String RAISE_NMI_COMMAND = ID + ".raiseNmi";
	/** Command: raise an SMI there. */
	public static final String RAISE_SMI_COMMAND = ID + ".raiseSmi";
	/** The page Run/Debug > Hypervisor Guest. */
	public static final String PREFERENCE_PAGE = ID + ".preferences";

	private HyperstepUi() {
	}

	/** An icon of this bundle by its file's name without the ending. */
	public static ImageDescriptor icon(String name) {
		return ResourceLocator.imageDescriptorFromBundle(ID, "icons/" + name + ".png")
				.orElseGet(ImageDescriptor::getMissingImageDescriptor);
	}

	/** The same as an image that is shared and must not be disposed of. UI thread. */
	public static Image image(String name) {
		String key = ID + '/' + name;
		if (JFaceResources.getImageRegistry().getDescriptor(key) == null) {
			JFaceResources.getImageRegistry().put(key, icon(name));
		}
		return JFaceResources.getImageRegistry().get(key);
	}

	/** An error of this bundle. */
	public static IStatus error(String message, @Nullable Throwable cause) {
		return new Status(IStatus.ERROR, ID, message, cause);
	}

	/** Writes an error into the log of the platform. */
	public static void log(String message, Throwable cause) {
		ILog.of(HyperstepUi.class).log(error(message, cause));
	}
}
