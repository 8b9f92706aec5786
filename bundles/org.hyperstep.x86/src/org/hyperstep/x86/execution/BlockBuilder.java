/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.meaning.Meanings;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * Collects the micro-operations of one block. Meanings speak to it in operands, slots and widths in bits. A slot holds a
 * value of some width; its bits above that width mean nothing unless said otherwise.
 */
@SuppressWarnings("nls")
public final class BlockBuilder {
	private final List<Instruction> arguments = new ArrayList<>();
	private final List<Routine> routines = new ArrayList<>();
	private int[] code = new int[256];
	private long[] immediates = new long[256];
	private byte[] instructionOf = new byte[256];
	private short[] starts = new short[64];
	private short[] offsets = new short[64];
	private int size;
	/** Instructions so far. */
	private int count;
	private long hostPhysical;
	private int key;
	private int temporaries;
	private boolean ended;
	private long takenMask;
	private @Nullable Instruction instruction;
	private final ProcessorModel model;

	BlockBuilder(ProcessorModel model) {
		this.model = model;
	}

	/** An address that loads and stores take: x + y of a row, linear. */
	public record Address(int a, int b, int scale, long immediate, boolean throughStackSegment) {
	}

	// ---- the block as a whole ----

	void begin(long startHostPhysical, int modeKey) {
		count = 0;
		arguments.clear();
		routines.clear();
		size = 0;
		hostPhysical = startHostPhysical;
		key = modeKey;
		ended = false;
		takenMask = sequentialMask();
		starts[0] = 0;
		offsets[0] = 0;
	}

	void append(Instruction next) {
		begin(next, next.length());
		Meanings.of(next).emit(this, next);
		starts[count] = (short) size;
	}

	/** What is put from here on is of this instruction, whatever it means, and of this length. */
	void begin(Instruction next, int length) {
		instruction = next;
		temporaries = 0;
		starts[count++] = (short) size;
		offsets[count] = (short) (offsets[count - 1] + length);
	}

	/** Ends the block with an END row unless its last instruction transfers control. */
	void finish() {
		starts[count] = (short) size;
		if (!ended) {
			instructionOf[size] = (byte) count;
			put(MicroOp.END, 0, 0, 0, 0, 0, 0);
			instructionOf[size - 1] = (byte) count;
		}
		instructionOf[size] = (byte) count;
	}

	/** Whether no instruction can follow in this block. */
	boolean ended() {
		return ended;
	}

	int count() {
		return count;
	}

	int byteLength() {
		return offsets[count];
	}

	long hostPhysical() {
		return hostPhysical;
	}

	int key() {
		return key;
	}

	int[] code() {
		return Arrays.copyOf(code, size);
	}

	long[] immediates() {
		return Arrays.copyOf(immediates, size);
	}

	byte[] instructionOf() {
		return Arrays.copyOf(instructionOf, size + 1);
	}

	short[] starts() {
		return Arrays.copyOf(starts, count + 1);
	}

	short[] offsets() {
		return Arrays.copyOf(offsets, count + 1);
	}

	/** By routine: the instruction it is called for. */
	Instruction[] arguments() {
		return arguments.toArray(Instruction[]::new);
	}

	Routine[] routines() {
		return routines.toArray(Routine[]::new);
	}

	long takenMask() {
		return takenMask;
	}

	long sequentialMask() {
		return longMode() ? -1 : 0xffff_ffffL;
	}

	// ---- the mode ----

	/** Whether the processor has a feature of CPUID. */
	public boolean has(Feature feature) {
		return model.has(feature);
	}

	/** Whether the code is that of 64-bit mode. */
	public boolean longMode() {
		return ModeKey.codeSize(key) == CodeSize.CODE64;
	}

	/** Whether this is real mode or virtual-8086 mode. */
	public boolean realOrVirtual() {
		return (key & ModeKey.REAL_OR_VIRTUAL) != 0;
	}

	/** Whether the bit of {@link ModeKey} is set. */
	boolean mode(int bit) {
		return (key & bit) != 0;
	}

	/** Whether near branches check that their target may be executed: see {@link ModeKey#LIMITED}. */
	public boolean limited() {
		return mode(ModeKey.LIMITED);
	}

	/** Width in bits of the stack pointer. */
	public int stackWidth() {
		return longMode() ? 64 : mode(ModeKey.BIG_STACK) ? 32 : 16;
	}

	/** CR0.EM or CR0.TS: an x87 instruction raises #NM. */
	public boolean x87Unavailable() {
		return mode(ModeKey.EMULATION) || mode(ModeKey.TASK_SWITCHED);
	}

	/** CR0.TS and CR0.MP: FWAIT raises #NM. */
	public boolean waitUnavailable() {
		return mode(ModeKey.TASK_SWITCHED) && mode(ModeKey.MONITOR_COPROCESSOR);
	}

	/** CR0.TS: an SSE instruction raises #NM. */
	public boolean taskSwitched() {
		return mode(ModeKey.TASK_SWITCHED);
	}

	/** CR0.EM, or CR4.OSFXSR clear: an SSE instruction raises #UD. */
	public boolean sseUndefined() {
		return mode(ModeKey.EMULATION) || !mode(ModeKey.FXSAVE_ENABLED);
	}

	/** CR0.EM: MMX and SSE instructions raise #UD. */
	public boolean emulation() {
		return mode(ModeKey.EMULATION);
	}

	/** CR4.OSXSAVE. */
	public boolean xsaveEnabled() {
		return mode(ModeKey.XSAVE_ENABLED);
	}

	/** CR4.OSXSAVE, XCR0.SSE and XCR0.AVX, and not real-address or virtual-8086 mode: VEX-encoded vectors exist. */
	public boolean avxEnabled() {
		return mode(ModeKey.XSAVE_ENABLED) && mode(ModeKey.AVX_ENABLED) && !realOrVirtual();
	}

	// ---- rows ----

	/** The number 0 to 3 of a width of 8, 16, 32 or 64 bits. */
	public static int widthIndex(int bits) {
		return switch (bits) {
			case 8 -> 0;
			case 16 -> 1;
			case 32 -> 2;
			case 64 -> 3;
			default -> throw new IllegalArgumentException("width " + bits);
		};
	}

	/** Appends a row: see {@link MicroOp}. */
	public void put(int operation, int d, int a, int b, int scale, int width, long immediate) {
		if (size + 2 > code.length) {
			code = Arrays.copyOf(code, size * 2);
			immediates = Arrays.copyOf(immediates, size * 2);
			instructionOf = Arrays.copyOf(instructionOf, size * 2);
		}
		code[size] = MicroOp.row(operation, d, a, b, scale, width);
		immediates[size] = immediate;
		instructionOf[size++] = (byte) (count - 1);
	}

	/** A slot for a value of this instruction. */
	public int temporary() {
		if (temporaries == Slots.TEMPORARIES) {
			throw new IllegalStateException("more temporaries than there are, in " + instruction);
		}
		return Slots.TEMPORARY + temporaries++;
	}

	/** d = value, 64 bits. */
	public int constant(long value) {
		int slot = temporary();
		put(MicroOp.MOVE_64, slot, 0, Slots.ZERO, 0, 0, value);
		return slot;
	}

	/** Distance from the block's first byte to the instruction behind the present one. */
	private int nextOffset() {
		return offsets[count];
	}

	// ---- registers ----

	/** The slot of a general register of 16, 32 or 64 bits, or of a low byte register. */
	public static int slot(Register register) {
		return register.number();
	}

	/** The slot that holds a general register's value; AH to DH go to a temporary first. */
	public int read(Register register) {
		if (register.kind() != Register.Kind.GPR8_HIGH) {
			return slot(register);
		}
		int slot = temporary();
		put(MicroOp.GET_HIGH, slot, 0, register.number(), 0, 0, 0);
		return slot;
	}

	/** A general register = a slot's value, as writes of that width do: 32 bits clear the upper half. */
	public void write(Register register, int from) {
		switch (register.kind()) {
			case GPR8_HIGH -> put(MicroOp.PUT_HIGH, register.number(), 0, from, 0, 0, 0);
			case GPR8 -> move(8, slot(register), from);
			case GPR16 -> move(16, slot(register), from);
			case GPR32 -> move(32, slot(register), from);
			case GPR64 -> move(64, slot(register), from);
			default -> throw new IllegalArgumentException(register.name());
		}
	}

	/** Slot d = slot's value, as a register write of that width does. */
	public void move(int bits, int d, int from) {
		put(MicroOp.MOVE_8 + widthIndex(bits), d, 0, from, 0, 0, 0);
	}

	/** Slot d = immediate, as a register write of that width does. */
	public void moveImmediate(int bits, int d, long value) {
		put(MicroOp.MOVE_8 + widthIndex(bits), d, 0, Slots.ZERO, 0, 0, value);
	}

	/** Slot d = slot's value of 8, 16 or 32 bits, extended to 64 bits. */
	public void extend(int bits, boolean signed, int d, int from) {
		if (bits == 64) {
			move(64, d, from);
		} else if (signed) {
			put(MicroOp.SIGN_8 + widthIndex(bits), d, 0, from, 0, 0, 0);
		} else {
			put(bits == 8 ? MicroOp.ZERO_8 : bits == 16 ? MicroOp.ZERO_16 : MicroOp.MOVE_32, d, 0, from, 0, 0, 0);
		}
	}

	// ---- operands ----

	/** The slot that holds an operand's value: register, loaded memory (zero-extended) or immediate. */
	public int read(Operand operand, int bits) {
		return switch (operand) {
			case Operand.Reg reg -> read(reg.register());
			case Operand.Mem mem -> load(bits, address(mem, bits / 8, false));
			case Operand.Imm imm -> constant(imm.value());
			default -> throw new IllegalArgumentException(operand.toString());
		};
	}

	/** Stores a slot's value in an operand: register or memory. */
	public void write(Operand operand, int bits, int from) {
		switch (operand) {
			case Operand.Reg reg -> write(reg.register(), from);
			case Operand.Mem mem -> store(bits, from, address(mem, bits / 8, true));
			default -> throw new IllegalArgumentException(operand.toString());
		}
	}

	/** The effective address of a memory operand in a row's x + y, without segment, truncated to the address size. */
	private Address offset(Operand.Mem mem) {
		Register base = mem.base();
		Register index = mem.index();
		long displacement = mem.displacement();
		int a = Slots.ZERO;
		if (base == Register.RIP || base == Register.EIP) {
			a = Slots.BLOCK_RIP;
			displacement += nextOffset();
		} else if (base != null) {
			a = slot(base);
		}
		int b = index == null ? Slots.ZERO : slot(index);
		int scale = Integer.numberOfTrailingZeros(mem.scale());
		if (mem.addressSize() == 64) {
			return new Address(a, b, index == null ? 0 : scale, displacement, false);
		}
		int slot = temporary();
		put(mem.addressSize() == 32 ? MicroOp.ADDRESS_32 : MicroOp.ADDRESS_16, slot, a, b, index == null ? 0 : scale, 0,
				displacement);
		return slotAddress(slot, false);
	}

	private static Address slotAddress(int slot, boolean throughStackSegment) {
		return new Address(slot, Slots.ZERO, 0, 0, throughStackSegment);
	}

	/** Slot d = effective address, without segment. */
	public void effectiveAddress(int d, Operand.Mem mem) {
		Address at = offset(mem);
		put(MicroOp.ADDRESS_64, d, at.a, at.b, at.scale, 0, at.immediate);
	}

	/**
	 * The linear address of a memory operand, after the segment's checks.
	 *
	 * @param bytes size of the access; at least 1
	 */
	public Address address(Operand.Mem mem, int bytes, boolean write) {
		return linear(mem.segment().number(), offset(mem), bytes, write);
	}

	/** The linear address of an offset that a slot holds, in a segment (number as in CpuState). */
	public Address address(int segment, int offsetSlot, int bytes, boolean write) {
		return linear(segment, slotAddress(offsetSlot, false), bytes, write);
	}

	private Address linear(int segment, Address offset, int bytes, boolean write) {
		boolean stack = segment == CpuState.SS;
		if (longMode()) {
			if (segment != CpuState.FS && segment != CpuState.GS) {
				return new Address(offset.a, offset.b, offset.scale, offset.immediate, stack);
			}
			int slot = temporary();
			put(MicroOp.SEGMENT_BASE, slot, offset.a, offset.b, offset.scale, segment, offset.immediate);
			return slotAddress(slot, false);
		}
		int slot = temporary();
		put(MicroOp.SEGMENT_CHECK, slot, offset.a, offset.b, offset.scale, 0,
				segment | (write ? 8 : 0) | (long) bytes << 4);
		return slotAddress(slot, stack);
	}

	/** An address some bytes behind another. */
	public static Address behind(Address address, int bytes) {
		return new Address(address.a, address.b, address.scale, address.immediate + bytes, address.throughStackSegment);
	}

	/**
	 * The linear address of the operand in memory that holds a bit of a bit string (Intel SDM, "Bit(BitBase,
	 * BitOffset)").
	 *
	 * @param index slot with the signed bit offset of the operand size
	 */
	public Address bitStringAddress(Operand.Mem mem, int index, int bits, boolean write) {
		int distance = temporary();
		generic(MicroOp.BIT_OFFSET, bits, distance, 0, index, 0);
		int offset = temporary();
		effectiveAddress(offset, mem);
		truncatedSum(mem.addressSize(), offset, offset, distance);
		return address(mem.segment().number(), offset, bits / 8, write);
	}

	/** Slot d = a + b, truncated to an address size. */
	public void truncatedSum(int addressSize, int d, int a, int b) {
		put(MicroOp.ADDRESS_16 + widthIndex(addressSize) - 1, d, a, b, 0, 0, 0);
	}

	/** Slot = linear address, for routines. */
	public void linearAddress(int d, Address at) {
		put(MicroOp.ADDRESS_64, d, at.a, at.b, at.scale, 0, at.immediate);
	}

	/** Slot d = slot's value, as a register write of 16, 32 or 64 bits does, if the condition 0 to 15 holds. */
	public void moveIf(int condition, int bits, int d, int from) {
		put(MicroOp.CMOVCC_16 + widthIndex(bits) - 1, d, Slots.RESULT, from, 0, 0, condition);
	}

	/** Slot d bits 7:0 = whether the condition 0 to 15 holds. */
	public void setIf(int condition, int d) {
		put(MicroOp.SETCC, d, Slots.RESULT, Slots.ZERO, 0, 0, condition);
	}

	// ---- memory ----

	/** A temporary with the value in memory, zero-extended. */
	public int load(int bits, Address at) {
		int slot = temporary();
		load(bits, slot, at);
		return slot;
	}

	/** Slot d = memory, zero-extended. */
	public void load(int bits, int d, Address at) {
		put(MicroOp.LOAD_8 + widthIndex(bits), d, at.a, at.b, at.scale, stackBit(at), at.immediate);
	}

	/** Slot d = memory of 8, 16 or 32 bits, sign-extended to 64 bits. */
	public void loadSigned(int bits, int d, Address at) {
		int loaded = load(bits, at);
		extend(bits, true, d, loaded);
	}

	/** A temporary with the value in memory, which {@link #store} will surely replace: faults as the store would. */
	public int modify(int bits, Address at) {
		int slot = temporary();
		put(MicroOp.MODIFY_8 + widthIndex(bits), slot, at.a, at.b, at.scale, stackBit(at), at.immediate);
		return slot;
	}

	/** Memory = slot's value. */
	public void store(int bits, int from, Address at) {
		put(MicroOp.STORE_8 + widthIndex(bits), from, at.a, at.b, at.scale, stackBit(at), at.immediate);
	}

	private static int stackBit(Address at) {
		return at.throughStackSegment ? MicroOp.THROUGH_SS : 0;
	}

	// ---- operations ----

	/** d = a op operand, for an operation that has a row for each width; the first is for 8 bits. */
	public void binary(int operation8, int bits, int d, int a, Operand operand) {
		if (operand instanceof Operand.Imm imm) {
			put(operation8 + widthIndex(bits), d, a, Slots.ZERO, 0, 0, imm.value());
		} else {
			put(operation8 + widthIndex(bits), d, a, read(operand, bits), 0, 0, 0);
		}
	}

	/** d = a op b, for an operation that has a row for each width; the first is for 8 bits. */
	public void binary(int operation8, int bits, int d, int a, int b) {
		put(operation8 + widthIndex(bits), d, a, b, 0, 0, 0);
	}

	/** d = a op immediate, for an operation that has a row for each width; the first is for 8 bits. */
	public void binaryImmediate(int operation8, int bits, int d, int a, long immediate) {
		put(operation8 + widthIndex(bits), d, a, Slots.ZERO, 0, 0, immediate);
	}

	/** A row of RareOperations, or another with a width field, of slots. */
	public void generic(int operation, int bits, int d, int a, int b, long immediate) {
		put(operation, d, a, b, 0, widthIndex(bits), immediate);
	}

	// ---- stack ----

	/** Pushes a slot's value of 16, 32 or 64 bits. */
	public void push(int bits, int from) {
		if (bits == 64) {
			put(MicroOp.PUSH_64, 0, from, CpuState.RSP, 0, 0, 0);
			return;
		}
		int pointer = temporary();
		put(MicroOp.ADDRESS_16 + widthIndex(stackWidth()) - 1, pointer, CpuState.RSP, Slots.ZERO, 0, 0, -(bits / 8));
		store(bits, from, address(CpuState.SS, pointer, bits / 8, true));
		move(stackWidth(), CpuState.RSP, pointer);
	}

	/** A temporary with the value on top of the stack, zero-extended, without popping it. */
	public int top(int bits) {
		int pointer = temporary();
		put(MicroOp.ADDRESS_16 + widthIndex(stackWidth()) - 1, pointer, CpuState.RSP, Slots.ZERO, 0, 0, 0);
		return load(bits, address(CpuState.SS, pointer, bits / 8, false));
	}

	/** Adds bytes to the stack pointer, without flags. */
	public void release(int bytes) {
		int pointer = temporary();
		put(MicroOp.ADDRESS_64, pointer, CpuState.RSP, Slots.ZERO, 0, 0, bytes);
		move(stackWidth(), CpuState.RSP, pointer);
	}

	/** Pops into a register's slot, 64 bits. */
	public void pop64(int d) {
		put(MicroOp.POP_64, d, 0, CpuState.RSP, 0, 0, 0);
	}

	// ---- control ----

	/** A temporary with RIP of the instruction behind this one, to be pushed. */
	public int returnAddress() {
		int slot = temporary();
		put(MicroOp.MOVE_64, slot, 0, Slots.BLOCK_RIP, 0, 0, nextOffset());
		return slot;
	}

	/** Ends the block by JUMP or JUMP_cc relative to the next instruction; RIP is truncated to the operand size. */
	public void branch(int operation, long displacement, int operandSize) {
		endBy(operation, Slots.CARRIES, Slots.RESULT, displacement + nextOffset(), operandSize);
	}

	/** As {@link #branch}, if a slot is zero or is not. */
	public void branchIf(int operation, int slot, long displacement, int operandSize) {
		endBy(operation, slot, Slots.ZERO, displacement + nextOffset(), operandSize);
	}

	/** Ends the block by a branch to the address in a slot, truncated to the operand size. */
	public void branchTo(int target, int operandSize) {
		endBy(MicroOp.JUMP_INDIRECT, Slots.ZERO, target, 0, operandSize);
	}

	/** Ends the block by CALL_RELATIVE. */
	public void call(long displacement) {
		endBy(MicroOp.CALL_RELATIVE, 0, CpuState.RSP, displacement + nextOffset(), 64);
	}

	/** Ends the block by CALL_INDIRECT. */
	public void callTo(int target) {
		endBy(MicroOp.CALL_INDIRECT, target, CpuState.RSP, 0, 64);
	}

	/** Ends the block by RETURN, which releases so many bytes more. */
	public void ret(long released) {
		endBy(MicroOp.RETURN, 0, CpuState.RSP, released, 64);
	}

	private void endBy(int operation, int a, int b, long immediate, int operandSize) {
		takenMask = operandSize == 64 ? -1 : operandSize == 32 ? 0xffff_ffffL : 0xffff;
		put(operation, 0, a, b, 0, 0, immediate);
		ended = true;
	}

	/** Raises an exception without error code. */
	public void raise(int vector) {
		put(MicroOp.RAISE, 0, vector, Slots.ZERO, 0, 0, 0);
	}

	/** Nothing can follow in this block. */
	public void end() {
		ended = true;
	}

	/** Raises an exception with an error code. */
	public void raise(int vector, int errorCode) {
		put(MicroOp.RAISE_WITH_CODE, 0, vector, Slots.ZERO, 0, 0, errorCode);
	}

	/** Calls a routine, by which the block ends. What the meaning emits behind it would never run. */
	public void call(Routine routine) {
		add(routine);
		put(MicroOp.CALL, 0, 0, 0, 0, 0, routines.size() - 1L);
		ended = true;
	}

	/**
	 * Calls a routine in the middle of the block: it sees lazy flags ({@link Flags}), not RFLAGS, transfers no control
	 * and changes no mode, segment or translation.
	 */
	public void callInline(Routine routine) {
		add(routine);
		put(MicroOp.CALL_INLINE, 0, 0, 0, 0, 0, routines.size() - 1L);
	}

	private void add(Routine routine) {
		routines.add(routine);
		arguments.add(Objects.requireNonNull(instruction));
	}
}
