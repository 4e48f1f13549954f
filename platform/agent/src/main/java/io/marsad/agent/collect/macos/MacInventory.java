package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.HostSession;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Programs;
import io.marsad.agent.collect.Table;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions of {@code who}, and applications when something was installed, as listing them takes long. Not thread-safe. */
final class MacInventory implements InventoryTable.Host {
    private final Programs programs;
    private final Programs slow;
    private final List<Path> signs;
    private String signed = "";

    /**
     * @param slow for what takes long
     * @param signs files and folders that are written to when something is installed
     */
    MacInventory(Programs programs, Programs slow, List<Path> signs) {
        this.programs = programs;
        this.slow = slow;
        this.signs = List.copyOf(signs);
    }

    @Override
    public @Nullable Table<HostSession, HostSession> sessions() {
        var said = programs.at(Who.COMMAND);
        return said == null ? null : Who.parse(said);
    }

    @Override
    public @Nullable Table<String, List<String>> software() {
        var sign = new StringBuilder("at");
        signs.forEach(one -> sign.append(' ').append(one.toFile().lastModified()));
        if (signed.contentEquals(sign)) {
            return null;
        }
        var said = slow.at(Applications.COMMAND);
        if (said == null) {
            return null;
        }
        signed = sign.toString();
        var read = Applications.parse(said);
        return read.rows().isEmpty() ? null : read;
    }

    @Override
    public long refusals() {
        return programs.refusals() + slow.refusals();
    }
}
