/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Map;

import org.eclipse.cdt.core.IAddress;
import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IExpressions;
import org.eclipse.cdt.dsf.debug.service.IRegisters;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.jdt.annotation.Nullable;

/**
 * Values of {@link AddressExpression}s: registers, addresses of symbols, and their sums. There are no C expressions: the
 * engine reads no types.
 */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestExpressions extends GuestService implements IExpressions {

	public GuestExpressions(Guest guest) {
		super(guest, IExpressions.class, GuestExpressions.class);
	}

	/** An expression in the context of a virtual CPU or a frame. */
	@Immutable
	private static final class ExpressionContext extends AbstractDMContext implements IExpressionDMContext {
		private final String text;

		ExpressionContext(IDMContext parent, String text) {
			super(parent.getSessionId(), new IDMContext[] { parent });
			this.text = text;
		}

		@Override
		public String getExpression() {
			return text;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return baseEquals(other) && other instanceof ExpressionContext expression && expression.text.equals(text);
		}

		@Override
		public int hashCode() {
			return 31 * baseHashCode() + text.hashCode();
		}

		@Override
		public String toString() {
			return baseToString() + ".expression[" + text + ']'; //$NON-NLS-1$
		}
	}

	@Immutable
	private record ExpressionData(String getName) implements IExpressionDMData {
		@Override
		public BasicType getBasicType() {
			return BasicType.basic;
		}

		@Override
		public String getTypeName() {
			return ""; //$NON-NLS-1$
		}

		@Override
		public String getEncoding() {
			return ""; //$NON-NLS-1$
		}

		@Override
		public String getTypeId() {
			return TYPEID_INTEGER;
		}

		@Override
		public Map<String, Integer> getEnumerations() {
			return Map.of();
		}

		@Override
		public IRegisters.@Nullable IRegisterDMContext getRegister() {
			return null;
		}
	}

	@Immutable
	private record ExpressionAddress(IAddress getAddress, int getSize) implements IExpressionDMAddress {
	}

	@Override
	public IExpressionDMContext createExpression(IDMContext context, String expression) {
		return new ExpressionContext(context, expression);
	}

	@Override
	public void getExpressionData(IExpressionDMContext context, DataRequestMonitor<IExpressionDMData> rm) {
		rm.done(new ExpressionData(context.getExpression()));
	}

	@Override
	public void getExpressionAddressData(IExpressionDMContext context, DataRequestMonitor<IExpressionDMAddress> rm) {
		relay(new AddressExpression(context.getExpression()).evaluate(target(), Guest.cpuOf(context)), rm,
				value -> new ExpressionAddress(new Addr64(Long.toUnsignedString(value)), 1));
	}

	@Override
	public void getAvailableFormats(IFormattedDataDMContext context, DataRequestMonitor<String[]> rm) {
		rm.done(NumberFormats.available());
	}

	@Override
	public FormattedValueDMContext getFormattedValueContext(IFormattedDataDMContext context, String format) {
		return new FormattedValueDMContext(this, context, format);
	}

	@Override
	public void getFormattedExpressionValue(FormattedValueDMContext context,
			DataRequestMonitor<FormattedValueDMData> rm) {
		if (context.getParentValueDMContext() instanceof ExpressionContext expression) {
			relay(new AddressExpression(expression.text).evaluate(target(), Guest.cpuOf(expression)), rm,
					value -> new FormattedValueDMData(
							NumberFormats.format(value, Long.SIZE, false, context.getFormatID())));
		} else {
			fail(rm, INVALID_HANDLE, Messages.Context_foreign);
		}
	}

	@Override
	public void getBaseExpressions(IExpressionDMContext context, DataRequestMonitor<IExpressionDMContext[]> rm) {
		rm.done(new IExpressionDMContext[0]);
	}

	@Override
	public void getSubExpressions(IExpressionDMContext context, DataRequestMonitor<IExpressionDMContext[]> rm) {
		rm.done(new IExpressionDMContext[0]);
	}

	@Override
	public void getSubExpressions(IExpressionDMContext context, int startIndex, int length,
			DataRequestMonitor<IExpressionDMContext[]> rm) {
		rm.done(new IExpressionDMContext[0]);
	}

	@Override
	public void getSubExpressionCount(IExpressionDMContext context, DataRequestMonitor<Integer> rm) {
		rm.done(Integer.valueOf(0));
	}

	@Override
	public void canWriteExpression(IExpressionDMContext context, DataRequestMonitor<Boolean> rm) {
		rm.done(Boolean.FALSE);
	}

	@Override
	public void writeExpression(IExpressionDMContext context, String value, String format, RequestMonitor rm) {
		fail(rm, NOT_SUPPORTED, Messages.bind(Messages.Expressions_fixed, context.getExpression()));
	}
}
