/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.Feature.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.hyperstep.x86.system.ProcessorModel.Vendor;

/**
 * Features that a processor has in addition to those of its model, and features that it lacks, as in {@code la57,-avx}.
 * What a feature needs comes with it, and what needs it goes with it. Immutable.
 *
 * @param more features to have
 * @param less features to lack, which count if they are in both
 */
@SuppressWarnings("nls")
public record FeatureSelection(Set<Feature> more, Set<Feature> less) {
	/** The model as it is. */
	public static final FeatureSelection NONE = new FeatureSelection(Set.of(), Set.of());

	/** What a model here can be without, and what it can have although its level does not: the rest is everybody's. */
	private static final Set<Feature> CHANGEABLE = EnumSet.of(VME, SSE3, PCLMULQDQ, MONITOR, SSSE3, FMA, PCID, SSE4_1,
			SSE4_2, X2APIC, MOVBE, POPCNT, TSC_DEADLINE, AES, XSAVE, AVX, F16C, RDRAND, ARAT, FSGSBASE, TSC_ADJUST,
			BMI1, AVX2, SMEP, BMI2, ERMS, INVPCID, FCS_FDS_DEPRECATED, RDSEED, ADX, SMAP, CLFLUSHOPT, CLWB, UMIP, PKU,
			LA57, RDPID, XSAVEOPT, XSAVEC, XGETBV1, XSAVES, FFXSR, ABM, SSE4A, PREFETCHW, RDTSCP);
	private static final Map<Feature, Feature> NEEDS = new EnumMap<>(Map.ofEntries(Map.entry(AVX, XSAVE),
			Map.entry(AVX2, AVX), Map.entry(FMA, AVX), Map.entry(F16C, AVX), Map.entry(XSAVEOPT, XSAVE),
			Map.entry(XSAVEC, XSAVE), Map.entry(XGETBV1, XSAVE), Map.entry(XSAVES, XSAVE)));

	public FeatureSelection {
		more = Set.copyOf(more);
		less = Set.copyOf(less);
	}

	/**
	 * Reads names with commas between them, each with nothing or {@code +} in front for a feature to have, {@code -} for one
	 * to lack. Case does not count, nor do dots, dashes and underscores within a name; empty is {@link #NONE}.
	 *
	 * @throws IllegalArgumentException with a message for the user if a name is not one of a feature that can be chosen
	 */
	public static FeatureSelection parse(String text) {
		Set<Feature> more = EnumSet.noneOf(Feature.class);
		Set<Feature> less = EnumSet.noneOf(Feature.class);
		for (String item : text.isBlank() ? new String[0] : text.split(",", -1)) {
			String name = item.strip();
			boolean unwanted = name.startsWith("-");
			(unwanted ? less : more).add(named(unwanted || name.startsWith("+") ? name.substring(1) : name));
		}
		return new FeatureSelection(more, less);
	}

	private static Feature named(String name) {
		for (Feature feature : CHANGEABLE) {
			if (plain(feature.name()).equals(plain(name))) {
				return feature;
			}
		}
		throw new IllegalArgumentException("'" + name + "' is no feature to choose; there are " + names());
	}

	private static String plain(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

	/** Names of all features that can be chosen, in alphabetical order with commas between them. */
	public static String names() {
		Set<String> names = new TreeSet<>();
		CHANGEABLE.forEach(feature -> names.add(name(feature)));
		return String.join(", ", names);
	}

	/**
	 * Looks whether the vendor's processors can have the features.
	 *
	 * @throws IllegalArgumentException with a message for the user if one is the other vendor's
	 */
	public void requireFrom(Vendor vendor) {
		for (Feature feature : more) {
			if (ProcessorModel.isForeign(vendor, feature)) {
				throw new IllegalArgumentException("no processor of " + vendor + " has the feature " + name(feature));
			}
		}
	}

	private static String name(Feature feature) {
		return feature.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/** The features of a model after the choice. */
	EnumSet<Feature> applyTo(Set<Feature> features) {
		EnumSet<Feature> chosen = EnumSet.copyOf(features);
		chosen.addAll(more);
		while (NEEDS.entrySet().stream()
				.anyMatch(need -> chosen.contains(need.getKey()) && chosen.add(need.getValue()))) {
			// What was added may need more.
		}
		chosen.removeAll(less);
		while (NEEDS.entrySet().stream()
				.anyMatch(need -> !chosen.contains(need.getValue()) && chosen.remove(need.getKey()))) {
			// What was taken away may be needed by more.
		}
		return chosen;
	}
}
