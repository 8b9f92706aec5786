/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.dsf.launch.LiveLaunches;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The bundle's life: sessions end with it. */
public final class Activator implements BundleActivator {
	@Override
	public void start(@Nullable BundleContext context) {
		// everything starts with a launch
	}

	@Override
	public void stop(@Nullable BundleContext context) {
		LiveLaunches.closeAll();
	}
}
