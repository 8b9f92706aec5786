/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.DMContexts;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.Target;

/**
 * What all services of a session are about: the target and the contexts that stand for it in the data model.
 *
 * @param session  the session
 * @param target   the guest under the engine
 * @param context  the guest as a whole
 * @param physical its physical memory
 * @param cpus     its virtual CPUs by their numbers
 */
@Immutable
public record Guest(DsfSession session, Target target, GuestDMContext context, PhysicalMemoryDMContext physical,
		List<VcpuDMContext> cpus) {

	/** The contexts of a target in a session. */
	public static Guest of(DsfSession session, Target target) {
		GuestDMContext context = new GuestDMContext(session.getId());
		List<VcpuDMContext> cpus = IntStream.range(0, target.cpus())
				.mapToObj(number -> new VcpuDMContext(context, number)).toList();
		return new Guest(session, target, context, new PhysicalMemoryDMContext(context), cpus);
	}

	/** The virtual CPU that a context belongs to; empty for the guest as a whole. */
	public static Optional<VcpuDMContext> vcpuOf(@Nullable IDMContext context) {
		return Optional.ofNullable(DMContexts.getAncestorOfType(context, VcpuDMContext.class));
	}

	/** The number of the virtual CPU that a context belongs to; for the guest as a whole that of its first. */
	static int cpuOf(@Nullable IDMContext context) {
		return vcpuOf(context).map(VcpuDMContext::cpu).orElse(0);
	}
}
