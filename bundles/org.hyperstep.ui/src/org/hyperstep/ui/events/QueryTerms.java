/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

import org.hyperstep.debug.JournalQuery;

/**
 * What a user writes to find events: words that details or location must contain, and terms, {@code cpu:1}, {@code level:2},
 * {@code vector:0x40}, {@code reason:10}, {@code time:0.5-1.25} in seconds. What is no term is a word. Immutable.
 *
 * @param query what the terms ask for
 * @param text  the words, in lower case
 */
@SuppressWarnings("nls")
record QueryTerms(JournalQuery query, String text) {
	private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);
	private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(Long.MAX_VALUE)
			.divideToIntegralValue(NANOS_PER_SECOND);

	/** Narrows a query by what is written. */
	static QueryTerms parse(String written, JournalQuery from) {
		JournalQuery query = from;
		List<String> words = new ArrayList<>();
		for (String word : written.strip().toLowerCase(Locale.ROOT).split("\\s+")) {
			Optional<JournalQuery> narrowed = term(word, query);
			if (narrowed.isPresent()) {
				query = narrowed.get();
			} else {
				words.add(word);
			}
		}
		return new QueryTerms(query, String.join(" ", words));
	}

	private static Optional<JournalQuery> term(String word, JournalQuery query) {
		int colon = word.indexOf(':');
		String value = word.substring(colon + 1);
		OptionalInt number = number(value);
		return switch (colon < 0 ? "" : word.substring(0, colon)) {
			case "cpu" -> number.isPresent() ? Optional.of(query.withCpu(number.getAsInt())) : Optional.empty();
			case "level" -> number.isPresent() ? Optional.of(query.withLevel(number.getAsInt())) : Optional.empty();
			case "vector" -> number.isPresent() ? Optional.of(query.withVector(number.getAsInt())) : Optional.empty();
			case "reason" ->
				number.isPresent() ? Optional.of(query.withExitReason(number.getAsInt())) : Optional.empty();
			case "time" -> time(value, query);
			default -> Optional.empty();
		};
	}

	/** In decimal, or in hexadecimal after 0x. */
	private static OptionalInt number(String text) {
		try {
			return OptionalInt.of(Integer.decode(text).intValue());
		} catch (NumberFormatException noNumber) {
			return OptionalInt.empty();
		}
	}

	private static Optional<JournalQuery> time(String range, JournalQuery query) {
		int dash = range.indexOf('-');
		try {
			String to = range.substring(dash + 1);
			return dash < 0 ? Optional.empty()
					: Optional.of(query.between(nanos(range.substring(0, dash), 0), nanos(to, Long.MAX_VALUE)));
		} catch (NumberFormatException noNumber) {
			return Optional.empty();
		}
	}

	private static long nanos(String seconds, long whenEmpty) {
		return seconds.isEmpty() ? whenEmpty
				: new BigDecimal(seconds).min(MOST_SECONDS).multiply(NANOS_PER_SECOND).longValue();
	}
}
