/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.Arrays;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;
import org.hyperstep.x86.system.StateComponent;

/**
 * The area of XSAVE and its relatives (Intel SDM, "Managing State Using the XSAVE Feature Set"). Which components are
 * in their initial configuration is told exactly from the registers; that none has been modified since the last
 * XRSTOR is never assumed, as the manual leaves it to the processor.
 */
final class XsaveArea {
	private static final int XSTATE_BV = 512, XCOMP_BV = 520, HEADER_REST = 528, HEADER_END = 576;
	private static final long COMPACTED = Long.MIN_VALUE;
	private static final long X87 = CpuState.XCR0_X87, SSE = CpuState.XCR0_SSE, AVX = CpuState.XCR0_AVX,
			PKRU = 1 << 9;
	private static final StateComponent[] COMPONENTS = StateComponent.values();

	/** What tells the four saving instructions apart. */
	enum Format {
		/** XSAVE: standard format, all components asked for. */
		STANDARD,
		/** XSAVEOPT: standard format, without those in their initial configuration. */
		OPTIMIZED,
		/** XSAVEC and XSAVES: compacted format, without those in their initial configuration. */
		COMPACTED
	}

	private XsaveArea() {
	}

	/** The components that are not in their initial configuration: XINUSE. */
	static long inUse(ExtendedState state) {
		return (state.x87Initial() ? 0 : X87) | (allZero(state.xmm) ? 0 : SSE) | (allZero(state.ymmUpper) ? 0 : AVX)
				| (state.pkru == 0 ? 0 : PKRU);
	}

	private static boolean allZero(long[] values) {
		for (long value : values) {
			if (value != 0) {
				return false;
			}
		}
		return true;
	}

	private static int registers(Instruction i) {
		return i.codeSize() == CodeSize.CODE64 ? 16 : 8;
	}

	private static void requireAligned(Processor processor, long linear) {
		if ((linear & 63) != 0) {
			throw processor.fault().generalProtection(0);
		}
	}

	// ---- saving ----

	/**
	 * Saves.
	 *
	 * @param at        linear address of the area
	 * @param requested RFBM, the requested-feature bitmap
	 */
	static void save(Processor processor, Instruction i, long at, Format format, long requested) {
		requireAligned(processor, at);
		ExtendedState state = processor.state().extended;
		Mmu mmu = processor.mmu();
		boolean compacted = format == Format.COMPACTED;
		long used = requested & inUse(state);
		if (compacted && (requested & SSE) != 0 && state.mxcsr != ExtendedState.INITIAL_MXCSR) {
			used |= SSE;
		}
		long written = format == Format.STANDARD ? requested : used;
		mmu.prepareWrite(at, size(written, compacted, requested));
		if ((written & X87) != 0) {
			FxArea.saveX87(processor, at, i.operandSize() == 64);
		}
		if (((compacted ? written & SSE : requested & (SSE | AVX))) != 0) {
			FxArea.saveMxcsr(mmu, at, state);
		}
		if ((written & SSE) != 0) {
			FxArea.saveXmm(mmu, at, state, registers(i));
		}
		if ((written & AVX) != 0) {
			long to = at + offset(StateComponent.AVX, compacted, requested);
			for (int k = 0; k < 2 * registers(i); k++) {
				mmu.write64(to + 8 * k, state.ymmUpper[k]);
			}
		}
		if ((written & PKRU) != 0) {
			mmu.write64(at + offset(StateComponent.PKRU, compacted, requested), state.pkru & 0xffff_ffffL);
		}
		long kept = compacted ? 0 : mmu.read64(at + XSTATE_BV) & ~requested;
		mmu.write64(at + XSTATE_BV, kept | used);
		if (compacted) {
			mmu.write64(at + XCOMP_BV, requested | COMPACTED);
		}
	}

	/** Offset of a component; {@code layout} is the set of components that the compacted format has. */
	private static int offset(StateComponent component, boolean compacted, long layout) {
		return compacted ? component.compactedOffset(layout) : component.offset;
	}

	/** Bytes up to the end of what is accessed. */
	private static int size(long components, boolean compacted, long layout) {
		int end = HEADER_END;
		for (StateComponent component : COMPONENTS) {
			if (component.size > 0 && (components & component.bit()) != 0) {
				end = Math.max(end, offset(component, compacted, layout) + component.size);
			}
		}
		return end;
	}

	// ---- restoring ----

	/** Restores; parameters as of {@link #save}. {@code supervisor}: XRSTORS, which takes the compacted format alone. */
	static void restore(Processor processor, Instruction i, long at, boolean supervisor, long requested) {
		requireAligned(processor, at);
		Mmu mmu = processor.mmu();
		long present = mmu.read64(at + XSTATE_BV);
		long layout = mmu.read64(at + XCOMP_BV);
		boolean compacted = layout < 0;
		checkHeader(processor, at, present, layout, supervisor);
		long loaded = requested & present;
		long components = layout & ~COMPACTED;
		// Whatever of the area is missing faults before anything changes.
		touch(mmu, at, size(loaded, compacted, components));
		boolean takesMxcsr = (compacted ? loaded & SSE : requested & (SSE | AVX)) != 0;
		long mxcsr = takesMxcsr ? FxArea.mxcsr(processor, at) : ExtendedState.INITIAL_MXCSR;
		ExtendedState state = processor.state().extended;
		if (takesMxcsr || (requested & SSE) != 0) {
			state.mxcsr = (int) mxcsr;
		}
		if ((loaded & X87) != 0) {
			FxArea.restoreX87(processor, at, i.operandSize() == 64);
		} else if ((requested & X87) != 0) {
			state.initializeX87();
			Arrays.fill(state.significand, 0);
			Arrays.fill(state.signAndExponent, 0);
		}
		int registers = registers(i);
		if ((loaded & SSE) != 0) {
			FxArea.restoreXmm(mmu, at, state, registers);
		} else if ((requested & SSE) != 0) {
			Arrays.fill(state.xmm, 0, 2 * registers, 0);
		}
		if ((loaded & AVX) != 0) {
			long from = at + offset(StateComponent.AVX, compacted, components);
			for (int k = 0; k < 2 * registers; k++) {
				state.ymmUpper[k] = mmu.read64(from + 8 * k);
			}
		} else if ((requested & AVX) != 0) {
			Arrays.fill(state.ymmUpper, 0, 2 * registers, 0);
		}
		if ((requested & PKRU) != 0) {
			long rights = (loaded & PKRU) == 0 ? 0
					: mmu.read32(at + offset(StateComponent.PKRU, compacted, components));
			mmu.setProtectionKeyRights((int) rights);
		}
	}

	/** "Operation of XRSTOR" and of XRSTORS: headers that raise #GP. */
	private static void checkHeader(Processor processor, long at, long present, long layout, boolean supervisor) {
		CpuState state = processor.state();
		long enabled = state.xcr0 | (supervisor ? state.xss : 0);
		boolean valid;
		if (layout < 0) {
			long rest = 0;
			for (int k = HEADER_REST; k < HEADER_END; k += 8) {
				rest |= processor.mmu().read64(at + k);
			}
			long components = layout & ~COMPACTED;
			valid = (components & ~enabled) == 0 && (present & ~components) == 0 && rest == 0;
		} else {
			valid = !supervisor && layout == 0 && processor.mmu().read64(at + HEADER_REST) == 0
					&& (present & ~enabled) == 0;
		}
		if (!valid) {
			throw processor.fault().generalProtection(0);
		}
	}

	private static void touch(Mmu mmu, long at, int size) {
		mmu.read8(at);
		mmu.read8(at + size - 1);
	}
}
