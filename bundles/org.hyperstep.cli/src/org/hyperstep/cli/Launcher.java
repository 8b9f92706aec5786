/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;

/** Makes targets: the embedded engine, or what a test puts in its place. */
@FunctionalInterface
public interface Launcher {
	/** Makes a target that stands before its first instruction. */
	Target launch(TargetConfiguration configuration) throws TargetException;
}
