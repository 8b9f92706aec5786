/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.RamBank;
import org.hyperstep.x86.system.ProcessorModel;

/** Makes blocks out of code bytes. */
final class Translator {
	/** Longer blocks gain nothing; a fault, a store into the block, or a deadline costs more in them. */
	static final int MAXIMUM_INSTRUCTIONS = 32;

	private final Mmu mmu;
	private final PhysicalMemory memory;
	private final BlockBuilder builder;
	private final byte[] bytes = new byte[Decoder.MAXIMUM_LENGTH];

	Translator(Mmu mmu, ProcessorModel model) {
		builder = new BlockBuilder(model);
		this.mmu = mmu;
		memory = mmu.physical();
	}

	/**
	 * Makes the block that begins at a hostPhysical address. It stays within the page, but for a first instruction that
	 * crosses into the next: that one is a block of its own.
	 *
	 * @param linear   linear address of the same byte, from which the next page's is found
	 * @param observer at whose marks blocks begin
	 * @param most     instructions at most
	 */
	Block translate(long hostPhysical, int key, long linear, @Nullable ExecutionObserver observer, int most) {
		CodeSize codeSize = ModeKey.codeSize(key);
		boolean marked = observer != null && observer.mayMark((int) hostPhysical & 4095);
		builder.begin(hostPhysical, key);
		RamBank bank = memory.bankAt(hostPhysical);
		if (bank == null) {
			return single(codeSize, hostPhysical, linear, marked);
		}
		int offset = bank.offset(hostPhysical);
		int limit = (offset | 4095) + 1;
		do {
			Instruction next = Decoder.decode(codeSize, bank.bytes, offset, limit);
			if (next.legality() == Legality.TRUNCATED) {
				if (builder.count() == 0) {
					return single(codeSize, hostPhysical, linear, marked);
				}
				break;
			}
			builder.append(next);
			offset += next.length();
		} while (!builder.ended() && builder.count() < most && offset < limit
				&& (observer == null || !observer.mayMark(offset & 4095)));
		builder.finish();
		return new Block(builder, marked, -1);
	}

	/** A block of one instruction that crosses pages, or is not in RAM. */
	private Block single(CodeSize codeSize, long hostPhysical, long linear, boolean marked) {
		int inPage = (int) Math.min(bytes.length, 4096 - (hostPhysical & 4095));
		for (int i = 0; i < inPage; i++) {
			bytes[i] = (byte) memory.read(hostPhysical + i, 1);
		}
		Instruction instruction = Decoder.decode(codeSize, bytes, 0, inPage);
		long second = -1;
		if (instruction.legality() == Legality.TRUNCATED) {
			long nextLinear = codeSize == CodeSize.CODE64 ? linear + inPage : linear + inPage & 0xffff_ffffL;
			second = mmu.fetch(nextLinear);
			for (int i = inPage; i < bytes.length; i++) {
				bytes[i] = (byte) memory.read(second + i - inPage, 1);
			}
			instruction = Decoder.decode(codeSize, bytes, 0, bytes.length);
		}
		builder.append(instruction);
		builder.finish();
		return new Block(builder, marked, second);
	}
}
