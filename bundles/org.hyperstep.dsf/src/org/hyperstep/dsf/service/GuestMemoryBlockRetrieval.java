/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.math.BigInteger;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.datamodel.DMContexts;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.model.DsfMemoryBlock;
import org.eclipse.cdt.dsf.debug.model.DsfMemoryBlockRetrieval;
import org.eclipse.cdt.dsf.debug.service.IMemory.IMemoryDMContext;
import org.eclipse.core.runtime.IAdaptable;
import org.eclipse.core.runtime.Status;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.dsf.HyperstepDsf;

/**
 * What the Memory view and the Memory Browser get memory from. An address is an {@link AddressExpression}; views ask for it
 * on threads of their own.
 */
@ThreadSafe
public final class GuestMemoryBlockRetrieval extends DsfMemoryBlockRetrieval {
	private static final int ADDRESS_BYTES = 8;

	private final Guest guest;

	public GuestMemoryBlockRetrieval(Guest guest, ILaunchConfiguration configuration) throws DebugException {
		super(HyperstepDsf.DEBUG_MODEL, configuration, guest.session());
		this.guest = guest;
	}

	@Override
	public int getAddressSize() {
		return ADDRESS_BYTES;
	}

	@Override
	public @Nullable IMemoryBlockExtension getExtendedMemoryBlock(String expression, Object context)
			throws DebugException {
		Optional<IMemoryDMContext> memory = memoryOf(context);
		if (memory.isEmpty()) {
			return null;
		}
		AddressExpression address = new AddressExpression(expression);
		BigInteger start = evaluate(address, memory.get());
		return new Block(this, address.physical() ? guest.physical() : memory.get(), expression, start);
	}

	private static Optional<IMemoryDMContext> memoryOf(Object selected) {
		Optional<IDMContext> context = selected instanceof IAdaptable adaptable
				? Optional.ofNullable(adaptable.getAdapter(IDMContext.class))
				: Optional.empty();
		return context.flatMap(
				found -> Optional.ofNullable(DMContexts.getAncestorOfType(found, IMemoryDMContext.class)));
	}

	private BigInteger evaluate(AddressExpression address, IMemoryDMContext memory) throws DebugException {
		try {
			long value = address.evaluate(guest.target(), Guest.cpuOf(memory)).get();
			return new BigInteger(Long.toUnsignedString(value));
		} catch (ExecutionException failure) {
			throw new DebugException(Status.error(failure.getCause().getMessage(), failure.getCause()));
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
			throw new DebugException(Status.error(stop.toString(), stop));
		}
	}

	/** A block of the guest's memory, open at both ends. */
	private static final class Block extends DsfMemoryBlock {
		Block(GuestMemoryBlockRetrieval retrieval, IMemoryDMContext context, String expression, BigInteger start) {
			super(retrieval, context, HyperstepDsf.DEBUG_MODEL, expression, start, 1, 0);
		}
	}
}
