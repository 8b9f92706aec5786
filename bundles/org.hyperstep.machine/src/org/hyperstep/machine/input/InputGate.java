/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.input;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * The one way into the machine for what the guest cannot compute: bytes on a serial line, keys. Other threads offer; the
 * machine's thread lets in at instruction boundaries and records what came in when. Replaying the record gives the same
 * run. Only {@link #offer}, {@link #await} and {@link #wake} may be called on other threads; the lock guards
 * {@code offered} alone and no foreign code is called under it, except that {@code attention} is called after it is left.
 */
public final class InputGate {

	/** A device that takes bytes from outside. */
	public interface Receiver {
		/** How many bytes it takes now without losing one. */
		int room();

		/** Takes bytes, at most {@link #room()} of them. */
		void receive(byte[] bytes);
	}

	private static final class Channel {
		final Receiver receiver;
		byte[] waiting = new byte[0];

		Channel(Receiver receiver) {
			this.receiver = receiver;
		}
	}

	private final VirtualTime time;
	private final Map<String, Channel> channels = new LinkedHashMap<>();
	private final Deque<InputRecord> offered = new ArrayDeque<>();
	private final List<InputRecord> record = new ArrayList<>();
	private final Deque<InputRecord> replay = new ArrayDeque<>();
	private volatile Runnable attention = () -> {
	};
	private boolean woken;
	private @Nullable Alarm replayAlarm;
	private boolean replaying;

	public InputGate(VirtualTime time) {
		this.time = time;
	}

	/** Connects a receiver under a name. */
	public void connect(String channel, Receiver receiver) {
		channels.put(channel, new Channel(receiver));
	}

	/** Says what to call, on the offering thread, when something was offered: to end a running slice early. */
	public void onOffer(Runnable attention) {
		this.attention = attention;
	}

	/**
	 * Offers bytes from any thread. They wait outside until the receiver has room for them.
	 *
	 * @throws IllegalArgumentException if there is no such channel
	 */
	public void offer(String channel, byte[] bytes) {
		if (!channels.containsKey(channel)) {
			throw new IllegalArgumentException("no channel " + channel); //$NON-NLS-1$
		}
		synchronized (offered) {
			offered.add(new InputRecord(0, channel, bytes.clone()));
			offered.notifyAll();
		}
		attention.run();
	}

	/** Ends an {@link #await} without offering anything. Any thread. */
	public void wake() {
		synchronized (offered) {
			woken = true;
			offered.notifyAll();
		}
	}

	/**
	 * Waits until something is offered or {@link #wake()} is called, for a machine that is halted with nothing else to wake
	 * it. Called on the machine's thread.
	 *
	 * @return whether there is something to let in
	 */
	public boolean await(long milliseconds) throws InterruptedException {
		long end = System.nanoTime() + milliseconds * 1_000_000;
		synchronized (offered) {
			long left = milliseconds;
			while (offered.isEmpty() && !woken && left > 0) {
				offered.wait(left);
				left = (end - System.nanoTime()) / 1_000_000;
			}
			woken = false;
			return !offered.isEmpty();
		}
	}

	/**
	 * Lets in what was offered and what there is room for. Called on the machine's thread at an instruction boundary, after
	 * {@link VirtualTime#advanceTo} of the present time.
	 */
	public void letIn() {
		takeOffered();
		for (Map.Entry<String, Channel> entry : channels.entrySet()) {
			Channel channel = entry.getValue();
			int count = Math.min(channel.waiting.length, channel.receiver.room());
			if (count > 0) {
				byte[] now = Arrays.copyOf(channel.waiting, count);
				channel.waiting = Arrays.copyOfRange(channel.waiting, count, channel.waiting.length);
				record.add(new InputRecord(time.now(), entry.getKey(), now));
				channel.receiver.receive(now);
			}
		}
	}

	/** Whether something waits outside. Machine's thread. */
	public boolean isWaiting() {
		synchronized (offered) {
			if (!offered.isEmpty()) {
				return true;
			}
		}
		return channels.values().stream().anyMatch(channel -> channel.waiting.length > 0);
	}

	/** All that came in so far, in order. Machine's thread. */
	public List<InputRecord> record() {
		return List.copyOf(record);
	}

	/** Lets what is in {@code inputs}, ordered by time, in at exactly the recorded times. */
	public void replay(List<InputRecord> inputs) {
		replaying = true;
		replay.clear();
		replay.addAll(inputs);
		armReplay();
	}

	/** Whether the run replays a record: then nothing is asked of the world outside. */
	public boolean isReplaying() {
		return replaying;
	}

	private void letReplayIn() {
		InputRecord due = replay.remove();
		if (channel(due).receiver.room() < due.bytes().length) {
			throw new IllegalStateException("the replayed run differs from the recorded one at " + due.time() + " ns"); //$NON-NLS-1$ //$NON-NLS-2$
		}
		record.add(due);
		channel(due).receiver.receive(due.bytes());
		armReplay();
	}

	private void armReplay() {
		Alarm alarm = replayAlarm;
		if (alarm == null) {
			// Made after the devices' alarms: live input, too, comes in after the alarms of its time have rung.
			alarm = time.alarm(this::letReplayIn);
			replayAlarm = alarm;
		}
		alarm.set(replay.isEmpty() ? VirtualTime.NEVER : replay.element().time());
	}

	private Channel channel(InputRecord input) {
		if (!channels.containsKey(input.channel())) {
			throw new IllegalArgumentException("no channel " + input.channel()); //$NON-NLS-1$
		}
		return channels.get(input.channel());
	}

	private void takeOffered() {
		@Nullable
		InputRecord next;
		while ((next = pollOffered()) != null) {
			Channel channel = channel(next);
			int old = channel.waiting.length;
			channel.waiting = Arrays.copyOf(channel.waiting, old + next.bytes().length);
			System.arraycopy(next.bytes(), 0, channel.waiting, old, next.bytes().length);
		}
	}

	private @Nullable InputRecord pollOffered() {
		synchronized (offered) {
			return offered.poll();
		}
	}
}
