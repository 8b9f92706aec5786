/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.util.Locale;
import java.util.Objects;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ProcessorLevel;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.machine.CpuVendor;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A processor as the command line names it: a vendor, or a vendor and a level such as {@code intel-v3}. */
@SuppressWarnings("nls")
record CpuChoice(CpuVendor vendor, ProcessorLevel level) {
	/** What runs unless something is said. */
	static final CpuChoice DEFAULT = new CpuChoice(CpuVendor.INTEL, ProcessorLevel.DEFAULT);

	/** The vendor's virtualization hardware. */
	Virtualization virtualization() {
		return vendor == CpuVendor.INTEL ? Virtualization.VMX : Virtualization.SVM;
	}

	/** Reads an option's value. */
	static final class Converter implements ITypeConverter<CpuChoice> {
		@Override
		public CpuChoice convert(@Nullable String text) {
			String value = Objects.requireNonNull(text);
			int dash = value.indexOf('-');
			String vendor = dash < 0 ? value : value.substring(0, dash);
			try {
				ProcessorLevel level = dash < 0 ? ProcessorLevel.DEFAULT
						: ProcessorLevel.valueOf(value.substring(dash + 1).toUpperCase(Locale.ROOT));
				return new CpuChoice(CpuVendor.valueOf(vendor.toUpperCase(Locale.ROOT)), level);
			} catch (IllegalArgumentException unknown) {
				throw new TypeConversionException(
						"'" + value + "' is no processor; there are intel and amd, and of each -v2 and -v3");
			}
		}
	}
}
