/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMContext;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IBitFieldDMContext;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterDMContext;
import org.eclipse.cdt.dsf.debug.service.IRegisters.IRegisterGroupDMContext;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.RegisterDescription.Field;
import org.hyperstep.debug.RegisterDescription.Group;

/** The contexts of registers: a group of a virtual CPU, a register of a group, a field of a register. */
final class RegisterContexts {
	private RegisterContexts() {
	}

	/** A group of a virtual CPU's registers. */
	@Immutable
	static final class GroupContext extends AbstractDMContext implements IRegisterGroupDMContext {
		private final Group group;

		GroupContext(VcpuDMContext vcpu, Group group) {
			super(vcpu.getSessionId(), new IDMContext[] { vcpu });
			this.group = group;
		}

		Group group() {
			return group;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return baseEquals(other) && other instanceof GroupContext context && context.group == group;
		}

		@Override
		public int hashCode() {
			return 31 * baseHashCode() + group.hashCode();
		}

		@Override
		public String toString() {
			return baseToString() + ".registers[" + group + ']'; //$NON-NLS-1$
		}
	}

	/** A register, by its index in the engine's table. */
	@Immutable
	static final class RegisterContext extends AbstractDMContext implements IRegisterDMContext {
		private final RegisterDescription description;
		private final int index;

		RegisterContext(GroupContext group, RegisterDescription description, int index) {
			super(group.getSessionId(), new IDMContext[] { group });
			this.description = description;
			this.index = index;
		}

		RegisterDescription description() {
			return description;
		}

		int index() {
			return index;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return baseEquals(other) && other instanceof RegisterContext context && context.index == index;
		}

		@Override
		public int hashCode() {
			return 31 * baseHashCode() + index;
		}

		@Override
		public String toString() {
			return baseToString() + '.' + description.name();
		}
	}

	/** A field of a register. */
	@Immutable
	static final class FieldContext extends AbstractDMContext implements IBitFieldDMContext {
		private final RegisterContext register;
		private final Field field;

		FieldContext(RegisterContext register, Field field) {
			super(register.getSessionId(), new IDMContext[] { register });
			this.register = register;
			this.field = field;
		}

		RegisterContext register() {
			return register;
		}

		Field field() {
			return field;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return baseEquals(other) && other instanceof FieldContext context && context.field.equals(field);
		}

		@Override
		public int hashCode() {
			return 31 * baseHashCode() + field.hashCode();
		}

		@Override
		public String toString() {
			return baseToString() + '.' + field.name();
		}
	}
}
