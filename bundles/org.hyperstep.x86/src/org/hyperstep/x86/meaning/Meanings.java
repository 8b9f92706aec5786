/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.system.Feature;

/** The table of meanings by mnemonic. The families fill it; a mnemonic without a row raises #UD. */
public final class Meanings {
	/** Opcode maps from here on are those behind a VEX prefix: see {@link Instruction#opcode()}. */
	private static final int VEX_MAPS = 0xc1;
	private static final Requirement NO_FEATURE = i -> Set.of();
	private static final Meanings TABLE = new Meanings();
	private static final Meaning UNDEFINED = (block, instruction) -> {
		block.raise(Vector.UD);
		block.end();
	};
	private static final Meaning TOO_LONG = (block, instruction) -> {
		block.raise(Vector.GP, 0);
		block.end();
	};

	static {
		Arithmetic.define(TABLE);
		ShiftRotate.define(TABLE);
		BitOps.define(TABLE);
		BitManipulation.define(TABLE);
		DataMovement.define(TABLE);
		StackOps.define(TABLE);
		ControlFlow.define(TABLE);
		FlagOps.define(TABLE);
		MulDiv.define(TABLE);
		Decimal.define(TABLE);
		Hints.define(TABLE);
		StringOps.define(TABLE);
		InputOutput.define(TABLE);
		SegmentOps.define(TABLE);
		SystemOps.define(TABLE);
		Interrupts.define(TABLE);
		Virtualization.define(TABLE);
		SecureVirtualMachine.define(TABLE);
		X87Control.define(TABLE);
		X87Arithmetic.define(TABLE);
		X87Environment.define(TABLE);
		PackedTable.define(TABLE);
		MaskedStores.define(TABLE);
		StateManagement.define(TABLE);
		StringComparisons.define(TABLE);
		VexTable.define(TABLE);
	}

	/** The features that an instruction's form needs. */
	@FunctionalInterface
	interface Requirement {
		Set<Feature> of(Instruction instruction);
	}

	private final Map<Mnemonic, Meaning> rows = new EnumMap<>(Mnemonic.class);
	private final Map<Mnemonic, Requirement> requirements = new EnumMap<>(Mnemonic.class);

	private Meanings() {
	}

	/** Adds a row. Only one family may define a mnemonic. */
	@SuppressWarnings("nls")
	public void define(Mnemonic mnemonic, Meaning meaning) {
		if (rows.containsKey(mnemonic)) {
			throw new IllegalStateException("two meanings of " + mnemonic);
		}
		rows.put(mnemonic, meaning);
	}

	/** Adds a row for an instruction that raises #UD on processors without a feature. */
	public void define(Mnemonic mnemonic, Feature feature, Meaning meaning) {
		define(mnemonic, i -> Set.of(feature), meaning);
	}

	/** Adds a row for an instruction that raises #UD on processors without any of the features that its form needs. */
	void define(Mnemonic mnemonic, Requirement requirement, Meaning meaning) {
		define(mnemonic,
				(block, i) -> (requirement.of(i).stream().allMatch(block::has) ? meaning : UNDEFINED).emit(block, i));
		requirements.put(mnemonic, requirement);
	}

	/** The features that a legal instruction needs; none if all processors have it. */
	public static Set<Feature> features(Instruction instruction) {
		return TABLE.requirements.getOrDefault(instruction.mnemonic(), NO_FEATURE).of(instruction);
	}

	/** The mnemonics that have a meaning. */
	public static Set<Mnemonic> defined() {
		return Set.copyOf(TABLE.rows.keySet());
	}

	/** What the instruction means; that of an illegal one is its exception. */
	public static Meaning of(Instruction instruction) {
		if (instruction.legality() == Legality.TOO_LONG) {
			return TOO_LONG;
		}
		if (instruction.legality() != Legality.LEGAL) {
			return UNDEFINED;
		}
		Meaning meaning = TABLE.rows.getOrDefault(instruction.mnemonic(), UNDEFINED);
		return instruction.opcode() >> 8 >= VEX_MAPS ? outsideRealMode(meaning) : meaning;
	}

	/** "VEX-Encoded Instructions" do not exist in real-address and virtual-8086 mode. */
	private static Meaning outsideRealMode(Meaning meaning) {
		return (block, i) -> (block.realOrVirtual() ? UNDEFINED : meaning).emit(block, i);
	}
}
