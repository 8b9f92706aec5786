/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.List;
import java.util.Objects;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.InstructionForm.Repetition;

/** The decoding of one instruction: prefixes, opcode, row of the table, operands, legality. */
final class Decoding {

	/** CR8, the task-priority register. */
	private static final int TASK_PRIORITY = 8;

	private final CodeSize codeSize;
	private final boolean longMode;
	private final InstructionBytes bytes;
	private final PrefixBytes prefixes = new PrefixBytes();
	private final MemoryAddress memory = new MemoryAddress();
	private int opcode;
	private int modRm = -1;
	private int rex;
	private @Nullable VexPrefix vex;
	private int operandSize;
	private int addressSize;
	private boolean undefinedOperand;

	Decoding(CodeSize codeSize, byte[] code, int offset, int limit) {
		this.codeSize = codeSize;
		this.longMode = codeSize == CodeSize.CODE64;
		this.bytes = new InstructionBytes(code, offset, limit);
	}

	Instruction instruction() {
		opcode = prefixes.read(bytes, longMode);
		rex = prefixes.rex();
		addressSize = addressSize();
		if (opcode == 0x0f) {
			readEscapedOpcode();
		} else if ((opcode == 0xc4 || opcode == 0xc5 || opcode == 0x62) && (longMode || bytes.peek() >= 0xc0)) {
			if (!readVex()) {
				return illegal(Legality.UNDEFINED);
			}
		}
		InstructionForm form = selectForm();
		if (form == null || vex != null && vex.register() != 0 && !usesVvvv(form)) {
			return illegal(Legality.UNDEFINED);
		}
		operandSize = operandSize(form);
		if (modRm >= 0 && modRm < 0xc0 && !ignoresMod(form)) {
			memory.read(bytes, modRm, rex, addressSize, longMode);
		}
		List<Operand> operands = operands(form.specs());
		if (memory.isIndexedByVector() && !distinct(operands)) {
			undefinedOperand = true;
		}
		if (undefinedOperand || bytes.failure() != null || prefixes.lock() && !lockAllowed(form, operands)) {
			return illegal(Legality.UNDEFINED);
		}
		return new Instruction(form.mnemonic(), Legality.LEGAL, codeSize, bytes.length(), opcode,
				form.isByteForm() ? 8 : operandSize, addressSize, operands, prefixes.lock(), repeat(form),
				prefixes.legacy(), prefixes.rex(), modRm, form);
	}

	/** Bytes that end too early, or go on too long, are that whatever else they seem to be. */
	private Instruction illegal(Legality legality) {
		Legality failure = bytes.failure();
		return new Instruction(Mnemonic.INVALID, failure == null ? legality : failure, codeSize, bytes.length(), opcode,
				0, addressSize, List.of(), false, Repeat.NONE, prefixes.legacy(), prefixes.rex(), modRm,
				InstructionForm.NONE);
	}

	private void readEscapedOpcode() {
		int second = bytes.next();
		opcode = second == 0x38 || second == 0x3a ? second << 8 | bytes.next() : 0x0f00 | second;
	}

	/** Takes a VEX prefix; false if it may not be where it is, or is EVEX. */
	private boolean readVex() {
		if (opcode == 0x62 || prefixes.rex() != 0 || prefixes.lock() || prefixes.mandatory() != 0) {
			return false;
		}
		VexPrefix read = VexPrefix.read(opcode, bytes, longMode);
		vex = read;
		rex = read.rex();
		opcode = read.opcodeMap() << 8 | bytes.next();
		return read.isDefined();
	}

	private static boolean usesVvvv(InstructionForm form) {
		for (OperandSpec spec : form.specs()) {
			if (spec.addressing() == OperandSpec.Addressing.XMM_VVVV
					|| spec.addressing() == OperandSpec.Addressing.VVVV) {
				return true;
			}
		}
		return false;
	}

	private @Nullable InstructionForm selectForm() {
		OpcodeSlot slot = InstructionTable.slot(longMode, opcode);
		if (slot.hasModRm()) {
			modRm = bytes.next();
		}
		VexPrefix present = vex;
		int mandatory = present == null ? prefixes.mandatory() : present.mandatory();
		return slot.select(mandatory, modRm, rex & 1, rex >> 3 & 1, present == null ? 0 : present.length());
	}

	private int addressSize() {
		return switch (codeSize) {
			case CODE16 -> prefixes.addressSize() ? 32 : 16;
			case CODE32 -> prefixes.addressSize() ? 16 : 32;
			case CODE64 -> prefixes.addressSize() ? 32 : 64;
		};
	}

	private int operandSize(InstructionForm form) {
		boolean prefixed = prefixes.operandSize() && !form.consumesOperandSizePrefix();
		int normal = prefixed == (codeSize == CodeSize.CODE16) ? 32 : 16;
		boolean wide = (rex & 8) != 0;
		if (vex != null) {
			return wide && longMode ? 64 : 32;
		}
		return switch (form.sizing()) {
			case NORMAL -> wide ? 64 : normal;
			case AT_MOST_32 -> wide ? 32 : normal;
			case DEFAULT_64 -> !longMode ? normal : prefixed && !wide ? 16 : 64;
			case FORCED_64 -> longMode ? 64 : normal;
			case NATIVE -> longMode ? 64 : 32;
		};
	}

	private static boolean ignoresMod(InstructionForm form) {
		for (OperandSpec spec : form.specs()) {
			if (spec.addressing() == OperandSpec.Addressing.RM_REGISTER) {
				return true;
			}
		}
		return false;
	}

	private static boolean lockAllowed(InstructionForm form, List<Operand> operands) {
		return form.lockable() && operands.get(0) instanceof Operand.Mem;
	}

	private Repeat repeat(InstructionForm form) {
		if (form.repetition() == Repetition.NONE || prefixes.repeat() == 0) {
			return Repeat.NONE;
		}
		// An instruction that does not compare repeats by the count alone, whichever prefix it has.
		return prefixes.repeat() == 0xf3 || form.repetition() == Repetition.COUNT ? Repeat.REP : Repeat.REPNE;
	}

	private List<Operand> operands(List<OperandSpec> specs) {
		return switch (specs.size()) {
			case 0 -> List.of();
			case 1 -> List.of(operand(specs.get(0)));
			case 2 -> List.of(operand(specs.get(0)), operand(specs.get(1)));
			case 3 -> List.of(operand(specs.get(0)), operand(specs.get(1)), operand(specs.get(2)));
			default ->
				List.of(operand(specs.get(0)), operand(specs.get(1)), operand(specs.get(2)), operand(specs.get(3)));
		};
	}

	private Operand operand(OperandSpec spec) {
		return switch (spec.addressing()) {
			case VECTOR_INDEXED -> vectorIndexed(spec);
			case RM, RM_REGISTER, MEMORY, MMX_RM, MMX_RM_REGISTER, XMM_RM, XMM_RM_REGISTER, X87 -> modRmOperand(spec);
			case REG -> general(modRm >> 3 & 7 | (rex & 4) << 1, spec);
			case OPCODE_REGISTER -> general(opcode & 7 | (rex & 1) << 3, spec);
			case SEGMENT -> segment(spec);
			case CONTROL, DEBUG, MMX_REG, XMM_REG -> numbered(spec);
			case IMMEDIATE, SIGNED_IMMEDIATE, ONE -> immediate(spec);
			case RELATIVE -> new Operand.Rel(bytes.signed(size(spec)), size(spec) * 8);
			case FAR -> far();
			case OFFSET -> offset(spec);
			case SOURCE_STRING -> implicit(Register.RSI, prefixes.segment(), spec);
			case TABLE -> implicit(Register.RBX, prefixes.segment(), spec);
			case DESTINATION_STRING -> implicit(Register.RDI, -1, spec);
			case FIXED -> register(Objects.requireNonNull(spec.fixed()));
			case ACCUMULATOR -> general(0, spec);
			case ADDRESS_ACCUMULATOR -> register(RegisterNumbers.general(0, addressSize >> 3, true));
			case XMM_VVVV -> vector(vvvv(), spec);
			case VVVV -> general(vvvv(), spec);
			case XMM_IMMEDIATE -> vector(bytes.next() >> 4 & (longMode ? 15 : 7), spec);
		};
	}

	private static Operand register(Register register) {
		return RegisterNumbers.operand(register);
	}

	private int size(OperandSpec spec) {
		return spec.type().bytes(operandSize, codeSize, vectorBytes());
	}

	private int vectorBytes() {
		VexPrefix present = vex;
		return present == null ? 16 : present.vectorBytes();
	}

	private int vvvv() {
		return Objects.requireNonNull(vex).register() & (longMode ? 15 : 7);
	}

	private Operand vector(int number, OperandSpec spec) {
		boolean wide = spec.type() == OperandType.QQ || spec.type() == OperandType.X && vectorBytes() == 32;
		return kind(wide ? Register.Kind.YMM : Register.Kind.XMM, number);
	}

	private Operand general(int number, OperandSpec spec) {
		return register(RegisterNumbers.general(number, size(spec), prefixes.rex() != 0));
	}

	/** "Vector SIB (VSIB) Memory Addressing": there must be a SIB byte. */
	private Operand vectorIndexed(OperandSpec spec) {
		boolean wide = spec.type() == OperandType.X && vectorBytes() == 32;
		if (!memory.indexByVector(wide ? Register.Kind.YMM : Register.Kind.XMM)) {
			undefinedOperand = true;
		}
		return modRmOperand(spec);
	}

	/** Destination, index and mask of a gather must be three registers. */
	private static boolean distinct(List<Operand> operands) {
		int destination = number(operands.get(0));
		int index = ((Operand.Mem) operands.get(1)).index() instanceof Register register ? register.number() : -1;
		int mask = number(operands.get(2));
		return destination != index && index != mask && mask != destination;
	}

	private static int number(Operand operand) {
		return ((Operand.Reg) operand).register().number();
	}

	private Operand modRmOperand(OperandSpec spec) {
		if (modRm < 0xc0 && spec.addressing() != OperandSpec.Addressing.RM_REGISTER) {
			return memory.operand(prefixes.segment(), addressSize,
					spec.memoryType().bytes(operandSize, codeSize, vectorBytes()));
		}
		int low = modRm & 7;
		int number = low | (rex & 1) << 3;
		return switch (spec.addressing()) {
			case MMX_RM, MMX_RM_REGISTER -> kind(Register.Kind.MMX, low);
			case X87 -> kind(Register.Kind.X87, low);
			case XMM_RM, XMM_RM_REGISTER -> vector(number, spec);
			default -> general(number, spec);
		};
	}

	/** A register of the reg field that is not a general one. */
	private Operand numbered(OperandSpec spec) {
		int low = modRm >> 3 & 7;
		int number = low | (rex & 4) << 1;
		return switch (spec.addressing()) {
			case CONTROL -> control(number);
			case DEBUG -> kind(Register.Kind.DEBUG, number);
			case MMX_REG -> kind(Register.Kind.MMX, low);
			default -> vector(number, spec);
		};
	}

	/** CR0, CR2, CR3, CR4 and CR8 exist; "MOV—Move to/from Control Registers" has #UD for the others. */
	private Operand control(int number) {
		if (number == 1 || number > 4 && number != TASK_PRIORITY) {
			undefinedOperand = true;
		}
		return kind(Register.Kind.CONTROL, number);
	}

	/** REX.R has no effect on a segment register; CS cannot be a destination. */
	private Operand segment(OperandSpec spec) {
		if (opcode == 0x8e && (modRm >> 3 & 7) == Register.CS.number()) {
			undefinedOperand = true;
		}
		return kind(Register.Kind.SEGMENT, modRm >> 3 & 7);
	}

	private Operand kind(Register.Kind kind, int number) {
		Register register = RegisterNumbers.ofKind(kind, number);
		if (register == null) {
			undefinedOperand = true;
			return register(Register.AL);
		}
		return register(register);
	}

	private Operand immediate(OperandSpec spec) {
		if (spec.addressing() == OperandSpec.Addressing.ONE) {
			return new Operand.Imm(1, 8);
		}
		int size = size(spec);
		long value = bytes.signed(size);
		if (spec.addressing() == OperandSpec.Addressing.IMMEDIATE && size < 4) {
			return new Operand.Imm(value & (1L << 8 * size) - 1, size * 8);
		}
		return new Operand.Imm(operandSize == 64 ? value : value & (1L << operandSize) - 1, size * 8);
	}

	private Operand far() {
		int size = operandSize >> 3;
		long offset = bytes.signed(size) & (1L << operandSize) - 1;
		return new Operand.Far((int) bytes.signed(2) & 0xffff, offset, operandSize);
	}

	private Operand offset(OperandSpec spec) {
		int segment = prefixes.segment();
		Register override = segment < 0 ? null : RegisterNumbers.ofKind(Register.Kind.SEGMENT, segment);
		long displacement = bytes.signed(addressSize >> 3);
		return new Operand.Mem(override == null ? Register.DS : override, override != null, null, null, 1, displacement,
				addressSize, addressSize, size(spec));
	}

	/** A memory operand whose address is a register that the opcode implies. */
	private Operand implicit(Register pointer, int segment, OperandSpec spec) {
		Register base = RegisterNumbers.general(pointer.number(), addressSize >> 3, true);
		Register byDefault = pointer == Register.RDI ? Register.ES : Register.DS;
		Register override = segment < 0 ? null : RegisterNumbers.ofKind(Register.Kind.SEGMENT, segment);
		return new Operand.Mem(override == null ? byDefault : override, override != null, base, null, 1, 0, 0,
				addressSize,
				size(spec));
	}
}
