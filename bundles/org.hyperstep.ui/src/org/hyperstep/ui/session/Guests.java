/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.core.runtime.Adapters;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.ui.IWorkbenchWindow;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;
import org.hyperstep.dsf.service.Guest;
import org.hyperstep.dsf.service.VcpuDMContext;

/** From what Eclipse shows of a session to the guest under the engine. Any thread. */
public final class Guests {
	private Guests() {
	}

	/** The guest that an element of the Debug view (launch, process, guest, CPU, frame) belongs to. */
	public static Optional<Target> of(@Nullable Object element) {
		return HypervisorGuestLaunch.of(element).flatMap(HypervisorGuestLaunch::target);
	}

	/** The guest that the user looks at in a window: that of its debug context. */
	public static Optional<Target> lookedAt(@Nullable IWorkbenchWindow window) {
		return window == null ? Optional.empty()
				: in(DebugUITools.getDebugContextManager().getContextService(window).getActiveContext());
	}

	/** The guest that the first element of a selection belongs to. */
	public static Optional<Target> in(@Nullable ISelection selection) {
		return selection instanceof IStructuredSelection elements ? of(elements.getFirstElement()) : Optional.empty();
	}

	/** The CPU of a guest that an element of the Debug view belongs to; else the one that stopped last, else the first. */
	public static int cpu(@Nullable Object element, Target guest) {
		if (of(element).filter(guest::equals).isPresent()
				&& Adapters.adapt(element, IDMContext.class) instanceof IDMContext context) {
			Optional<VcpuDMContext> vcpu = Guest.vcpuOf(context);
			if (vcpu.isPresent()) {
				return vcpu.get().cpu();
			}
		}
		Optional<StopEvent> stop = guest.lastStop();
		return stop.isPresent() ? stop.get().cpu() : 0;
	}

	/** The guests of all launches that are listed, whether they live or have ended; newest first. */
	public static List<Target> listed() {
		List<ILaunch> launches = Arrays.asList(DebugPlugin.getDefault().getLaunchManager().getLaunches());
		Collections.reverse(launches);
		return launches.stream().map(Guests::of).flatMap(Optional::stream).toList();
	}

	/** Whether a guest has not ended yet. */
	public static boolean lives(Target guest) {
		return guest.exitStatus().isEmpty();
	}
}
