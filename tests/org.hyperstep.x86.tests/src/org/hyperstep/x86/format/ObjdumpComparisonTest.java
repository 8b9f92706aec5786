/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Length, legality and text of generated encodings agree with objdump, but for the divergences that have a name. */
@SuppressWarnings("nls")
class ObjdumpComparisonTest {

	private static final boolean NIGHTLY = Boolean.getBoolean("hyperstep.nightly");
	private static final int ENCODINGS_PER_MODE = NIGHTLY ? 1_666_667 : 66_667;
	private static final int BATCH = 66_667;
	private static final int CUT_SHORT_PER_MODE = NIGHTLY ? 200_000 : 10_000, SECTIONS = 10_000;
	/** Segment overrides, which change nothing else of an encoding. */
	private static final byte[] OVERRIDES = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 };
	private static final int TOO_LONG_BY = 5;
	private static final byte NOP = (byte) 0x90;
	/** The CS override, which has no effect on a NOP. */
	private static final byte NULL_PREFIX = 0x2e;
	private static final int EXAMPLES = 40;

	private final Map<String, Integer> divergences = new TreeMap<>();
	private final StringBuilder differences = new StringBuilder();
	private int differing;
	private int outOfStep;

	@ParameterizedTest
	@EnumSource
	void generatedEncodingsReadAsObjdumpReadsThem(CodeSize codeSize) throws IOException {
		EncodingGenerator generator = new EncodingGenerator(codeSize, 20260101L + codeSize.bits());
		int compared = 0;
		while (compared < ENCODINGS_PER_MODE) {
			byte[] image = image(codeSize, generator);
			for (Syntax syntax : Syntax.values()) {
				compare(codeSize, syntax, image, Objdump.disassemble(codeSize, syntax, image));
			}
			compared += BATCH;
		}
		System.out.println(codeSize + ": " + compared + " encodings in two syntaxes, " + outOfStep
				+ " out of step, divergences " + divergences);
		assertEquals(0, differing, differing + " differences\n" + differences);
		assertTrue(outOfStep < compared / 100, "objdump out of step with " + outOfStep + " slots");
	}

	@ParameterizedTest
	@EnumSource
	void whatIsCutShortIsNoInstructionForObjdumpEither(CodeSize codeSize) throws IOException {
		EncodingGenerator generator = new EncodingGenerator(codeSize, 7L + codeSize.bits());
		Random random = new Random(codeSize.bits());
		compareApart(codeSize, Legality.TRUNCATED, () -> {
			byte[] whole = legal(codeSize, generator, 2);
			return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
		});
	}

	@ParameterizedTest
	@EnumSource
	void whatIsLongerThan15BytesIsNoInstructionForObjdumpEither(CodeSize codeSize) throws IOException {
		EncodingGenerator generator = new EncodingGenerator(codeSize, 15L + codeSize.bits());
		Random random = new Random(codeSize.bits());
		compareApart(codeSize, Legality.TOO_LONG, () -> {
			byte[] whole = legal(codeSize, generator, 1);
			byte[] encoding = new byte[Decoder.MAXIMUM_LENGTH + 1 + random.nextInt(TOO_LONG_BY)];
			int prefixes = encoding.length - whole.length;
			for (int i = 0; i < prefixes; i++) {
				encoding[i] = OVERRIDES[random.nextInt(OVERRIDES.length)];
			}
			System.arraycopy(whole, 0, encoding, prefixes, whole.length);
			return encoding;
		});
	}

	private static byte[] legal(CodeSize codeSize, EncodingGenerator generator, int least) {
		byte[] encoding = new byte[Decoder.MAXIMUM_LENGTH];
		while (true) {
			Arrays.fill(encoding, NOP);
			generator.fill(encoding);
			Instruction instruction = Decoder.decode(codeSize, encoding, 0, encoding.length);
			if (instruction.legality() == Legality.LEGAL && instruction.length() >= least) {
				return Arrays.copyOf(encoding, instruction.length());
			}
		}
	}

	private static void compareApart(CodeSize codeSize, Legality expected, Supplier<byte[]> encodings)
			throws IOException {
		StringBuilder differences = new StringBuilder();
		for (int compared = 0; compared < CUT_SHORT_PER_MODE; compared += SECTIONS) {
			List<byte[]> chosen = Stream.generate(encodings).limit(SECTIONS).toList();
			Objdump.@Nullable Answer[] answers = Objdump.disassembleApart(codeSize, chosen);
			for (int i = 0; i < SECTIONS; i++) {
				byte[] bytes = chosen.get(i);
				Instruction ours = Decoder.decode(codeSize, bytes, 0, bytes.length);
				Objdump.Answer answer = answers[i];
				if (ours.legality() != expected || answer == null || !isNoInstruction(answer.text())) {
					differences.append(String.format("%s %s | ours %s | objdump %s%n", codeSize,
							HexFormat.of().formatHex(bytes), ours.legality(), answer));
				}
			}
		}
		assertEquals("", differences.toString());
		System.out.println(codeSize + ": " + CUT_SHORT_PER_MODE + " encodings " + expected + " for objdump, too");
	}

	/** What objdump writes of bytes that are not a whole instruction: prefixes that it has read, or the first byte. */
	private static boolean isNoInstruction(String text) {
		return text.startsWith(".byte") || text.contains(InstructionFormatter.BAD)
				|| AbsentExtensions.arePrefixes(text);
	}

	/** Slots of one encoding each. What follows them is long NOPs, in which objdump finds its way back to the slots. */
	private static byte[] image(CodeSize codeSize, EncodingGenerator generator) {
		byte[] image = new byte[BATCH * Objdump.SLOT];
		Arrays.fill(image, NULL_PREFIX);
		byte[] encoding = new byte[Decoder.MAXIMUM_LENGTH];
		for (int i = 0; i < BATCH; i++) {
			Arrays.fill(encoding, NOP);
			generator.fill(encoding);
			Instruction instruction = Decoder.decode(codeSize, encoding, 0, encoding.length);
			boolean whole = instruction.legality() == Legality.LEGAL;
			int slot = i * Objdump.SLOT;
			System.arraycopy(encoding, 0, image, slot, whole ? instruction.length() : encoding.length);
			image[slot + encoding.length] = NOP;
			image[slot + encoding.length + 1] = NOP;
			image[slot + Objdump.SLOT - 1] = NOP;
		}
		return image;
	}

	private void compare(CodeSize codeSize, Syntax syntax, byte[] image, Objdump.@Nullable Answer[] answers) {
		InstructionFormatter formatter = syntax == Syntax.INTEL ? new IntelFormatter() : new AttFormatter();
		for (int i = 0; i < answers.length; i++) {
			Objdump.Answer answer = answers[i];
			if (answer == null) {
				outOfStep++;
				continue;
			}
			Instruction ours = Decoder.decode(codeSize, image, i * Objdump.SLOT, (i + 1) * Objdump.SLOT);
			String text = formatter.format(ours, Objdump.ORIGIN + (long) i * Objdump.SLOT, SymbolResolver.NONE);
			if (!agrees(ours, text, answer)) {
				byte[] bytes = Arrays.copyOfRange(image, i * Objdump.SLOT, (i + 1) * Objdump.SLOT);
				record(bytes, ours, text, answer);
			}
		}
	}

	private static boolean agrees(Instruction ours, String text, Objdump.Answer answer) {
		if (ours.legality() != Legality.LEGAL) {
			return answer.text().contains(InstructionFormatter.BAD);
		}
		return ours.length() == answer.length() && text.equals(answer.text());
	}

	private void record(byte[] bytes, Instruction ours, String text, Objdump.Answer answer) {
		ObjdumpDivergence divergence = ObjdumpDivergence.of(bytes, ours, text, answer);
		if (divergence != null) {
			divergences.merge(divergence.name(), 1, Integer::sum);
			return;
		}
		if (differing++ < EXAMPLES) {
			differences.append(String.format("%s %s %s | ours %d %s | objdump %d %s%n", ours.codeSize(),
					HexFormat.of().formatHex(bytes), ours.legality(), ours.length(), text, answer.length(),
					answer.text()));
		}
	}
}
