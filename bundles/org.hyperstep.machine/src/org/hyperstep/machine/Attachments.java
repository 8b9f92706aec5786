/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.ata.IdeController;
import org.hyperstep.machine.disk.DiskException;
import org.hyperstep.machine.disk.Drive;
import org.hyperstep.machine.disk.DriveRequest;
import org.hyperstep.machine.network.NetworkRequest;
import org.hyperstep.machine.virtio.VirtioBlock;
import org.hyperstep.machine.virtio.VirtioConsole;
import org.hyperstep.machine.virtio.VirtioNetwork;

/**
 * What a user attaches to a PC, opened. The machine that is made with the {@link #rows} closes it; until then, or without
 * one, it is to be closed here. Closing twice does no harm.
 */
@SuppressWarnings("nls")
public final class Attachments implements Closeable {
	/** IDE positions in the order in which CDs take them: the secondary master first, as PCs have it. */
	private static final int[] CD_POSITIONS = { 2, 3, 1, 0 };
	private static final int[] DISK_POSITIONS = { 0, 1, 2, 3 };

	private final List<Drive> drives = new ArrayList<>();
	private final List<NetworkRequest> networks;
	private final boolean console;

	private Attachments(List<NetworkRequest> networks, boolean console) {
		this.networks = List.copyOf(networks);
		this.console = console;
	}

	/**
	 * Opens the images.
	 *
	 * @throws DiskException with a message for the user; nothing is open then
	 */
	public static Attachments open(List<DriveRequest> requests) throws DiskException {
		return open(requests, List.of(), false);
	}

	/**
	 * Opens the images.
	 *
	 * @param networks what virtio network cards are plugged into
	 * @param console  whether there is a virtio console
	 * @throws DiskException with a message for the user; nothing is open then
	 */
	public static Attachments open(List<DriveRequest> requests, List<NetworkRequest> networks, boolean console)
			throws DiskException {
		Attachments attachments = new Attachments(networks, console);
		boolean opened = false;
		try {
			for (DriveRequest request : requests) {
				attachments.drives.add(Drive.open(request));
			}
			attachments.idePositions();
			opened = true;
			return attachments;
		} finally {
			if (!opened) {
				attachments.closeQuietly();
			}
		}
	}

	private List<@Nullable Drive> idePositions() throws DiskException {
		@Nullable
		Drive[] positions = new @Nullable Drive[IdeController.DRIVES];
		for (boolean cdroms : new boolean[] { false, true }) {
			for (Drive drive : drives) {
				if (drive.request().bus() == DriveRequest.Bus.IDE && drive.request().cdrom() == cdroms) {
					positions[free(positions, cdroms ? CD_POSITIONS : DISK_POSITIONS)] = drive;
				}
			}
		}
		return Arrays.asList(positions);
	}

	private static int free(@Nullable Drive[] positions, int[] order) throws DiskException {
		for (int position : order) {
			if (positions[position] == null) {
				return position;
			}
		}
		throw new DiskException("more than " + IdeController.DRIVES + " IDE drives were asked for");
	}

	/** Lines for a machine's description. */
	public List<DeviceRow> rows() {
		List<DeviceRow> rows = new ArrayList<>();
		int number = 0;
		try {
			List<@Nullable Drive> ide = idePositions();
			if (ide.stream().anyMatch(drive -> drive != null)) {
				rows.add(IdeController.row(ide));
			}
		} catch (DiskException e) {
			throw new IllegalStateException(e);
		}
		for (Drive drive : drives) {
			if (drive.request().bus() == DriveRequest.Bus.VIRTIO) {
				rows.add(VirtioBlock.row(drive, number++));
			}
		}
		for (int i = 0; i < networks.size(); i++) {
			rows.add(VirtioNetwork.row(networks.get(i).make(), i));
		}
		if (console) {
			rows.add(VirtioConsole.row());
		}
		return rows;
	}

	@Override
	public void close() throws IOException {
		for (Drive drive : drives) {
			drive.disk().close();
		}
	}

	private void closeQuietly() {
		try {
			close();
		} catch (IOException e) {
			// What failed before is what the user is told.
		}
	}
}
