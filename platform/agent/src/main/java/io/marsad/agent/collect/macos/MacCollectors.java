package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.JournalCollector;
import io.marsad.agent.collect.Origin;
import io.marsad.agent.collect.ProcessTable;
import io.marsad.agent.collect.ProgramLook;
import io.marsad.agent.collect.ServiceCollector;
import io.marsad.agent.collect.SocketTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes the collectors of macOS by the names that policies use. */
public final class MacCollectors {
    private static final Duration SLOW = Duration.ofSeconds(90);
    private static final List<Path> INSTALLED =
            List.of(Path.of("/Applications"), Path.of("/Library/Receipts/InstallHistory.plist"));

    private MacCollectors() {}

    /** @param data where positions are kept */
    public static Optional<Collector> of(String name, Path data, InstantSource clock) {
        var origin = new Origin("macOS", clock);
        var programs = new ProgramLook(clock);
        return switch (name) {
            case "processes" ->
                Optional.of(new ProcessTable(origin, programs, Ps.COMMAND, Ps::parse, ProcessTable::executable));
            case "sockets" -> {
                var lsof = new ProgramLook(clock, Duration.ofSeconds(15), 1); // 1: not all could be looked at
                yield Optional.of(new SocketTable(origin, lsof, Lsof.COMMAND, Lsof::parse));
            }
            case "services" ->
                Optional.of(new ServiceCollector(
                        origin,
                        new ServiceCollector.Listed(programs, Launchctl.COMMAND, Launchctl::parse),
                        Launchctl.FOLDERS.stream().map(Path::of).toList(),
                        ".plist"));
            case "inventory" ->
                Optional.of(new InventoryTable(
                        origin, "macos", new MacInventory(programs, new ProgramLook(clock, SLOW, 0), INSTALLED)));
            case "journal" ->
                Optional.of(new JournalCollector(new UnifiedLog(origin), data.resolve("journal.cursor"), clock));
            default -> Optional.empty();
        };
    }
}
