/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.OptionalLong;

import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.virtualization.Interception;

/** A debugger's reads and writes, page by page, by the CPU's paging structures and the second level. */
final class DebuggerMemory implements GuestMemory {
	private static final int PAGE = 4096;

	private final GuestCpu cpu;
	private final PhysicalMemory memory;

	DebuggerMemory(GuestCpu cpu) {
		this.cpu = cpu;
		memory = cpu.processor.mmu().physical();
	}

	private interface Translation {
		/** hostPhysical, or -1. */
		long of(long address);
	}

	private interface Transfer {
		void move(long hostPhysical, int done, int length);
	}

	@Override
	public OptionalLong translate(long linear) {
		long host = hostOfLinear(linear);
		return host == -1 ? OptionalLong.empty() : OptionalLong.of(host);
	}

	private long hostOfLinear(long linear) {
		return cpu.processor.mmu().translateForDebugger(linear);
	}

	/** Where the CPU would find it: the chip set's routes hold, the A20 gate does not. */
	private long hostOfPhysical(long guestPhysical) {
		return guestPhysical < 0 || guestPhysical >= HostArea.BASE ? -1
				: memory.routed(guestPhysical, Interception.READ, cpu.state.inSystemManagementMode);
	}

	@Override
	public int readLinear(long linear, byte[] target, int offset, int length) {
		return move(linear, length, this::hostOfLinear,
				(host, done, part) -> memory.copyOut(host, target, offset + done, part));
	}

	@Override
	public int writeLinear(long linear, byte[] source, int offset, int length) {
		return move(linear, length, this::hostOfLinear,
				(host, done, part) -> memory.copyIn(host, source, offset + done, part));
	}

	@Override
	public int readPhysical(long guestPhysical, byte[] target, int offset, int length) {
		return move(guestPhysical, length, this::hostOfPhysical,
				(host, done, part) -> memory.copyOut(host, target, offset + done, part));
	}

	@Override
	public int writePhysical(long guestPhysical, byte[] source, int offset, int length) {
		return move(guestPhysical, length, this::hostOfPhysical,
				(host, done, part) -> memory.copyIn(host, source, offset + done, part));
	}

	private int move(long address, int length, Translation translation, Transfer transfer) {
		int done = 0;
		while (done < length) {
			long at = address + done;
			int part = (int) Math.min(length - done, PAGE - (at & PAGE - 1));
			long host = translation.of(at);
			if (host == -1 || memory.bankAt(host) == null) {
				return done;
			}
			transfer.move(host, done, part);
			done += part;
		}
		return done;
	}
}
