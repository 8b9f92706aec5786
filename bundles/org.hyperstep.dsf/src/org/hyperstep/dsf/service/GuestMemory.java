/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.math.BigInteger;
import java.util.Arrays;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.AbstractDMEvent;
import org.eclipse.cdt.dsf.debug.service.IMemory;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.debug.core.model.MemoryByte;
import org.hyperstep.debug.MemorySpace;

/**
 * Memory, linear as a virtual CPU sees it, or guest-physical for a {@link PhysicalMemoryDMContext}. Bytes that can't be
 * read are shown as such, and don't hide those behind them.
 */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestMemory extends GuestService implements IMemory {
	private static final int PAGE = 4096;
	private static final int MOST = 1 << 24;
	private static final byte READABLE = (byte) (MemoryByte.READABLE | MemoryByte.WRITABLE
			| MemoryByte.ENDIANESS_KNOWN | MemoryByte.HISTORY_KNOWN);

	public GuestMemory(Guest guest) {
		super(guest, IMemory.class, GuestMemory.class);
	}

	@Override
	void doInitialize() {
		getSession().addServiceEventListener(this, null);
	}

	@Override
	void doShutdown() {
		getSession().removeServiceEventListener(this);
	}

	/** Anything may have changed: address 0 means all of a context's memory to its listeners. */
	@Immutable
	private static final class Changed extends AbstractDMEvent<IMemoryDMContext> implements IMemoryChangedEvent {
		Changed(IMemoryDMContext context) {
			super(context);
		}

		@Override
		public IAddress[] getAddresses() {
			return new IAddress[] { Addr64.ZERO };
		}
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Edited event) {
		dispatch(new Changed(guest.context()));
		dispatch(new Changed(guest.physical()));
		guest.cpus().forEach(vcpu -> dispatch(new Changed(vcpu)));
	}

	@Override
	public void getMemory(IMemoryDMContext context, IAddress address, long offset, int wordSize, int count,
			DataRequestMonitor<MemoryByte[]> rm) {
		if (tooLarge(wordSize, count, rm)) {
			return;
		}
		read(context, address.getValue().longValue() + offset, new MemoryByte[wordSize * count], 0, rm);
	}

	/** Reads on from {@code from}; where a byte can't be read the rest of its page can't. */
	private void read(IMemoryDMContext context, long start, MemoryByte[] bytes, int from,
			DataRequestMonitor<MemoryByte[]> rm) {
		if (from >= bytes.length) {
			rm.done(bytes);
			return;
		}
		long address = start + from;
		relay(target().readMemory(Guest.cpuOf(context), space(context), address, bytes.length - from),
				new DataRequestMonitor<byte[]>(getExecutor(), rm) {
					@Override
					protected void handleSuccess() {
						int known = from + getData().length;
						for (int i = from; i < known; i++) {
							bytes[i] = new MemoryByte(getData()[i - from], READABLE);
						}
						int next = Math.min(bytes.length, known + PAGE - (int) (start + known & PAGE - 1));
						for (int i = known; i < next; i++) {
							bytes[i] = new MemoryByte((byte) 0, (byte) 0);
						}
						read(context, start, bytes, next, rm);
					}
				});
	}

	@Override
	public void setMemory(IMemoryDMContext context, IAddress address, long offset, int wordSize, int count,
			byte[] buffer, RequestMonitor rm) {
		if (!tooLarge(wordSize, count, rm)) {
			write(context, address, offset, Arrays.copyOf(buffer, wordSize * count), rm);
		}
	}

	@Override
	public void fillMemory(IMemoryDMContext context, IAddress address, long offset, int wordSize, int count,
			byte[] pattern, RequestMonitor rm) {
		if (tooLarge(wordSize, count, rm)) {
			return;
		}
		byte[] bytes = new byte[wordSize * count];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = pattern[i % pattern.length];
		}
		write(context, address, offset, bytes, rm);
	}

	private void write(IMemoryDMContext context, IAddress address, long offset, byte[] bytes, RequestMonitor rm) {
		long start = address.getValue().add(BigInteger.valueOf(offset)).longValue();
		relay(target().writeMemory(Guest.cpuOf(context), space(context), start, bytes), rm);
	}

	private static boolean tooLarge(int wordSize, int count, RequestMonitor rm) {
		boolean tooLarge = (long) wordSize * count > MOST || wordSize < 1 || count < 0;
		if (tooLarge) {
			fail(rm, REQUEST_FAILED, Messages.bind(Messages.Memory_tooLarge, MOST));
		}
		return tooLarge;
	}

	private static MemorySpace space(IMemoryDMContext context) {
		return context instanceof PhysicalMemoryDMContext ? MemorySpace.GUEST_PHYSICAL : MemorySpace.LINEAR;
	}
}
