/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.jdt.annotation.Nullable;

/** Names under which this bundle is known to Eclipse. */
@SuppressWarnings("nls")
public final class HyperstepDsf {
	/** Symbolic name of this bundle, and prefix of its identifiers. */
	public static final String ID = "org.hyperstep.dsf";
	/** Launch configuration type "Hypervisor Guest". */
	public static final String LAUNCH_TYPE = ID + ".launchConfigurationType";
	/** The debug model of everything in a session. */
	public static final String DEBUG_MODEL = ID;
	/** Type of the guest's process, as {@code IProcess.ATTR_PROCESS_TYPE} has it. */
	public static final String PROCESS_TYPE = ID + ".guest";

	private HyperstepDsf() {
	}

	/** An error of this bundle. */
	public static IStatus error(String message, @Nullable Throwable cause) {
		return new Status(IStatus.ERROR, ID, message, cause);
	}

	/** An error of this bundle as an exception. */
	public static CoreException failure(String message, @Nullable Throwable cause) {
		return new CoreException(error(message, cause));
	}
}
