/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;

/**
 * What the engine said of the guest as it stands now. Views ask for the same thing many times between two stops; the
 * engine is asked once. Cleared whenever the guest may have changed.
 */
@ConfinedToDsfExecutor("")
final class StopCache<K, V> {
	private final Map<K, CompletableFuture<V>> answers = new HashMap<>();
	private final Function<K, CompletableFuture<V>> question;

	StopCache(Function<K, CompletableFuture<V>> question) {
		this.question = question;
	}

	CompletableFuture<V> get(K key) {
		CompletableFuture<V> answer = answers.get(key);
		if (answer == null || answer.isCompletedExceptionally()) {
			answer = question.apply(key);
			answers.put(key, answer);
		}
		return answer;
	}

	void clear() {
		answers.clear();
	}
}
