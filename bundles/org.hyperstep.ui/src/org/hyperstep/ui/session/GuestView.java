/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.util.Optional;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.ui.part.ViewPart;
import org.hyperstep.debug.Target;

/**
 * A view of the guest that the user looks at, told of it by a feed. UI thread.
 *
 * @param <F> the feed: one for each guest
 */
public abstract class GuestView<F extends GuestFeed> extends ViewPart {
	private @Nullable ActiveGuest active;
	private @Nullable F feed;

	/** Follows the guest of the view's window from now on; its widgets must be there. */
	protected final void begin() {
		ActiveGuest guests = new ActiveGuest(getSite().getWorkbenchWindow(), this::follow);
		active = guests;
		follow(guests.get());
	}

	private void follow(Optional<Target> guest) {
		unfollow();
		clear();
		feed = guest.isPresent() ? feedOf(guest.get()) : null;
	}

	private void unfollow() {
		if (feed instanceof GuestFeed old) {
			old.close();
		}
		feed = null;
	}

	/** Drops all that is shown or has yet to be: it is about another guest than {@link #guest()}. */
	protected abstract void clear();

	/** Begins to look at a guest. */
	protected abstract F feedOf(Target guest);

	/** The guest that the user looks at. */
	protected final Optional<Target> guest() {
		return active instanceof ActiveGuest following ? following.get() : Optional.empty();
	}

	/** What looks at that guest; null where there is none. */
	protected final @Nullable F feed() {
		return feed;
	}

	@Override
	public void dispose() {
		if (active instanceof ActiveGuest following) {
			following.close();
		}
		unfollow();
		super.dispose();
	}
}
