/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

/**
 * Loads bytes at an address. Our rule: interrupts are off; in real mode CS is 0 if the entry lies below 64 KB,
 * else the entry's paragraph; the other segments are zero, the stack grows down from 0x7c00, and there are the services
 * of {@link RealModeServices}; in protected mode there are flat segments and no stack; in 64-bit mode what
 * {@link ElfBoot} gives.
 */
@SuppressWarnings("nls")
final class FlatBoot {
	private static final int REAL_STACK = 0x7c00;
	private static final int SEGMENT_END = 0x10000;

	private FlatBoot() {
	}

	static Loader loader(ImageBytes file, FlatPlacement placement) {
		return (plan, request) -> prepare(plan, file, placement, request);
	}

	private static InitialState prepare(LoadPlan plan, ImageBytes file, FlatPlacement placement, LoadRequest request)
			throws ImageException {
		if (!request.modules().isEmpty()) {
			throw file.error("is loaded as a flat binary, which has no way to take modules");
		}
		if (Long.compareUnsigned(placement.entry() - placement.address(), file.length()) >= 0) {
			throw file.error(String.format("is loaded from 0x%x to 0x%x, so nothing is loaded at the entry 0x%x",
					placement.address(), placement.address() + file.length() - 1, placement.entry()));
		}
		plan.place("the flat binary", file.array(), 0, file.length(), placement.address(), file.length());
		return switch (placement.mode()) {
			case REAL_16 -> real(plan, placement.entry());
			case PROTECTED_32 -> InitialStates.protected32(plan, BootProtocol.FLAT, placement.entry(), 0, 0);
			case LONG_64 -> InitialStates.long64(plan, BootProtocol.FLAT, placement.entry(), 0);
			case RESET -> throw new IllegalStateException("a flat binary is not entered by a reset");
		};
	}

	private static InitialState real(LoadPlan plan, long entry) throws ImageException {
		RealModeServices.place(plan);
		boolean low = entry < SEGMENT_END;
		int code = low ? 0 : (int) (entry >> 4);
		return InitialState.real(BootProtocol.FLAT, code, 0, entry - ((long) code << 4), REAL_STACK);
	}
}
