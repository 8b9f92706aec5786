/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.util.Locale;
import java.util.Objects;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ProcessorLevel;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.x86.system.FeatureSelection;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A processor as the command line names it: a vendor, or a vendor and a level such as {@code intel-v3}; then features that
 * it has or lacks, such as {@code intel-v3,la57,-avx2}.
 */
@SuppressWarnings("nls")
record CpuChoice(CpuVendor vendor, ProcessorLevel level, String features) {
	/** What runs unless something is said. */
	static final CpuChoice DEFAULT = new CpuChoice(CpuVendor.INTEL, ProcessorLevel.DEFAULT, "");

	/** The vendor's virtualization hardware. */
	Virtualization virtualization() {
		return vendor == CpuVendor.INTEL ? Virtualization.VMX : Virtualization.SVM;
	}

	/** Reads an option's value. */
	static final class Converter implements ITypeConverter<CpuChoice> {
		@Override
		public CpuChoice convert(@Nullable String text) {
			String whole = Objects.requireNonNull(text);
			int comma = whole.indexOf(',');
			String value = comma < 0 ? whole : whole.substring(0, comma);
			String features = comma < 0 ? "" : whole.substring(comma + 1);
			int dash = value.indexOf('-');
			String vendor = dash < 0 ? value : value.substring(0, dash);
			try {
				ProcessorLevel level = dash < 0 ? ProcessorLevel.DEFAULT
						: ProcessorLevel.valueOf(value.substring(dash + 1).toUpperCase(Locale.ROOT));
				CpuVendor vendors = CpuVendor.valueOf(vendor.toUpperCase(Locale.ROOT));
				return new CpuChoice(vendors, level, features(features));
			} catch (IllegalArgumentException unknown) {
				throw new TypeConversionException(
						"'" + value + "' is no processor; there are intel and amd, and of each -v2 and -v3");
			}
		}

		private static String features(String text) {
			try {
				FeatureSelection.parse(text);
				return text;
			} catch (IllegalArgumentException refusal) {
				throw new TypeConversionException(refusal.getMessage());
			}
		}
	}
}
