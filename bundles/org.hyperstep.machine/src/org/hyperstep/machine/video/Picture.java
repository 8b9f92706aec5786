/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

/**
 * What a display shows, as pixels. Immutable, so any thread.
 *
 * @param width  pixels a line
 * @param height lines
 * @param pixels line by line, 0xRRGGBB
 */
public record Picture(int width, int height, int[] pixels) {
}
