/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.datamodel.AbstractDMEvent;
import org.eclipse.cdt.dsf.datamodel.DMContexts;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.ICachingService;
import org.eclipse.cdt.dsf.debug.service.IRegisters;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.RegisterDescription.Group;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.dsf.service.RegisterContexts.FieldContext;
import org.hyperstep.dsf.service.RegisterContexts.GroupContext;
import org.hyperstep.dsf.service.RegisterContexts.RegisterContext;

/** Registers of virtual CPUs in groups, with their fields. They are those of the CPU, whatever frame is selected. */
@ConfinedToDsfExecutor("getExecutor()")
public final class GuestRegisters extends GuestService implements IRegisters, ICachingService {
	private final StopCache<Integer, RegisterFile> files = new StopCache<>(cpu -> target().registers(cpu));

	public GuestRegisters(Guest guest) {
		super(guest, IRegisters.class, GuestRegisters.class);
	}

	@Override
	void doInitialize() {
		getSession().addServiceEventListener(this, null);
	}

	@Override
	void doShutdown() {
		getSession().removeServiceEventListener(this);
	}

	/** All registers of a group may have changed. */
	@Immutable
	private static final class Changed extends AbstractDMEvent<IRegisterGroupDMContext>
			implements IRegistersChangedDMEvent {
		Changed(GroupContext group) {
			super(group);
		}
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Resumed event) {
		files.clear();
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Suspended event) {
		files.clear();
	}

	@DsfServiceEventHandler
	public void eventDispatched(RunControlEvents.Edited event) {
		files.clear();
		guest.cpus().forEach(vcpu -> groups(vcpu).forEach(group -> dispatch(new Changed(group))));
	}

	@Override
	public void flushCache(@Nullable IDMContext context) {
		files.clear();
	}

	/** All registers of the CPU that a context belongs to, as they are now. */
	public CompletableFuture<RegisterFile> file(IDMContext context) {
		return files.get(Guest.cpuOf(context));
	}

	// What there is

	@Override
	public void getRegisterGroups(IDMContext context, DataRequestMonitor<IRegisterGroupDMContext[]> rm) {
		Optional<VcpuDMContext> vcpu = Guest.vcpuOf(context);
		if (vcpu.isPresent()) {
			rm.done(groups(vcpu.get()).toArray(IRegisterGroupDMContext[]::new));
		} else {
			fail(rm, INVALID_HANDLE, Messages.Context_foreign);
		}
	}

	private static List<GroupContext> groups(VcpuDMContext vcpu) {
		return Arrays.stream(Group.values()).map(group -> new GroupContext(vcpu, group)).toList();
	}

	@Override
	public void getRegisters(IDMContext context, DataRequestMonitor<IRegisterDMContext[]> rm) {
		Optional<VcpuDMContext> vcpu = Guest.vcpuOf(context);
		if (vcpu.isEmpty()) {
			fail(rm, INVALID_HANDLE, Messages.Context_foreign);
			return;
		}
		// Views ask with all of a selected path, of which the group is one part.
		List<GroupContext> wanted = part(context, GroupContext.class).map(List::of).orElseGet(() -> groups(vcpu.get()));
		relay(file(context), rm, file -> wanted.stream().flatMap(group -> registers(file, group).stream())
				.toArray(IRegisterDMContext[]::new));
	}

	private static List<RegisterContext> registers(RegisterFile file, GroupContext group) {
		List<RegisterContext> registers = new ArrayList<>();
		for (int i = 0; i < file.descriptions().size(); i++) {
			RegisterDescription description = file.descriptions().get(i);
			if (description.group() == group.group()) {
				registers.add(new RegisterContext(group, description, i));
			}
		}
		return registers;
	}

	@Override
	public void getBitFields(IDMContext context, DataRequestMonitor<IBitFieldDMContext[]> rm) {
		rm.done(part(context, RegisterContext.class).stream()
				.flatMap(register -> register.description().fields().stream()
						.map(field -> new FieldContext(register, field)))
				.toArray(IBitFieldDMContext[]::new));
	}

	private static <C extends IDMContext> Optional<C> part(IDMContext context, Class<C> type) {
		return Optional.ofNullable(DMContexts.getAncestorOfType(context, type));
	}

	@Override
	public void findRegisterGroup(IDMContext context, String name, DataRequestMonitor<IRegisterGroupDMContext> rm) {
		Optional<GroupContext> found = Guest.vcpuOf(context).stream().flatMap(vcpu -> groups(vcpu).stream())
				.filter(group -> RegisterTexts.name(group.group()).equals(name)).findFirst();
		complete(found, name, rm);
	}

	@Override
	public void findRegister(IDMContext context, String name, DataRequestMonitor<IRegisterDMContext> rm) {
		getRegisters(context, new DataRequestMonitor<IRegisterDMContext[]>(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				complete(Arrays.stream(getData())
						.filter(register -> ((RegisterContext) register).description().name().equals(name)).findFirst(),
						name, rm);
			}
		});
	}

	@Override
	public void findBitField(IDMContext context, String name, DataRequestMonitor<IBitFieldDMContext> rm) {
		getBitFields(context, new DataRequestMonitor<IBitFieldDMContext[]>(getExecutor(), rm) {
			@Override
			protected void handleSuccess() {
				complete(Arrays.stream(getData()).filter(field -> ((FieldContext) field).field().name().equals(name))
						.findFirst(), name, rm);
			}
		});
	}

	private static <T> void complete(Optional<? extends T> found, String name, DataRequestMonitor<T> rm) {
		if (found.isPresent()) {
			rm.done(found.get());
		} else {
			fail(rm, INVALID_HANDLE, Messages.bind(Messages.Registers_noRegister, name));
		}
	}

	// How it is described

	@Override
	public void getRegisterGroupData(IRegisterGroupDMContext context, DataRequestMonitor<IRegisterGroupDMData> rm) {
		rm.done(new RegisterTexts.GroupData(((GroupContext) context).group()));
	}

	@Override
	public void getRegisterData(IRegisterDMContext context, DataRequestMonitor<IRegisterDMData> rm) {
		rm.done(new RegisterTexts.RegisterData(((RegisterContext) context).description()));
	}

	@Override
	public void getBitFieldData(IBitFieldDMContext context, DataRequestMonitor<IBitFieldDMData> rm) {
		FieldContext field = (FieldContext) context;
		rm.done(new RegisterTexts.FieldData(field.field(), field.register().description().writable()));
	}

	// Its value

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
		String format = context.getFormatID();
		switch (context.getParentValueDMContext()) {
			case RegisterContext register -> relay(file(register), rm, file -> new FormattedValueDMData(NumberFormats
					.format(file.value(register.index()), register.description().bits(), false, format)));
			case FieldContext field -> relay(file(field), rm, file -> new FormattedValueDMData(
					NumberFormats.format(field.field().of(file.value(field.register().index())), field.field().width(),
							true, format)));
			case GroupContext group -> rm.done(new FormattedValueDMData("")); //$NON-NLS-1$
			default -> fail(rm, INVALID_HANDLE, Messages.Context_foreign);
		}
	}

	@Override
	public void writeRegister(IRegisterDMContext context, String text, String format, RequestMonitor rm) {
		RegisterContext register = (RegisterContext) context;
		parse(text, format, false, register.description().bits(), rm).ifPresent(value -> write(register, value, rm));
	}

	@Override
	public void writeBitField(IBitFieldDMContext context, String text, String format, RequestMonitor rm) {
		FieldContext field = (FieldContext) context;
		parse(text, format, true, field.field().width(), rm).ifPresent(value -> relay(file(field),
				new DataRequestMonitor<RegisterFile>(getExecutor(), rm) {
					@Override
					protected void handleSuccess() {
						long old = getData().value(field.register().index());
						write(field.register(), RegisterTexts.with(field.field(), old, value), rm);
					}
				}));
	}

	@Override
	public void writeBitField(IBitFieldDMContext context, IMnemonic mnemonic, RequestMonitor rm) {
		writeBitField(context, mnemonic.getShortName(), DECIMAL_FORMAT, rm);
	}

	/** The value meant; where it is none, the request has failed. */
	private static Optional<Long> parse(String text, String format, boolean field, int bits, RequestMonitor rm) {
		Optional<BigInteger> number = NumberFormats.parse(text, format, field);
		if (number.isEmpty()) {
			fail(rm, REQUEST_FAILED, Messages.bind(Messages.Registers_noNumber, text));
			return Optional.empty();
		}
		if (!NumberFormats.fits(number.get(), bits)) {
			fail(rm, REQUEST_FAILED, Messages.bind(Messages.Registers_tooWide, text, bits));
			return Optional.empty();
		}
		long mask = bits == Long.SIZE ? -1 : (1L << bits) - 1;
		return Optional.of(number.get().longValue() & mask);
	}

	private void write(RegisterContext register, long value, RequestMonitor rm) {
		RegisterDescription description = register.description();
		if (description.writable()) {
			relay(target().writeRegister(Guest.cpuOf(register), description.name(), value), rm);
		} else {
			fail(rm, REQUEST_FAILED, Messages.bind(Messages.Registers_readOnly, description.name()));
		}
	}
}
