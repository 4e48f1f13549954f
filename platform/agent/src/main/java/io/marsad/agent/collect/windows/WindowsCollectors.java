package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.InventoryTable;
import io.marsad.agent.collect.Origin;
import io.marsad.agent.collect.ProcessTable;
import io.marsad.agent.collect.ProgramLook;
import io.marsad.agent.collect.ServiceCollector;
import io.marsad.agent.collect.SocketTable;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes the collectors of Windows by the names that policies use. */
public final class WindowsCollectors {
    private static final String OS = "Windows";

    private WindowsCollectors() {}

    /**
     * @param data where positions are kept
     * @param paths channels of the event log
     */
    public static Optional<Collector> of(String name, Path data, List<String> paths, InstantSource clock) {
        var origin = new Origin(OS, clock);
        var programs = new ProgramLook(clock);
        return switch (name) {
            case "processes" ->
                Optional.of(
                        new ProcessTable(origin, programs, Cim.PROCESSES, Cim::processes, ProcessTable::executable));
            case "sockets" -> Optional.of(new SocketTable(origin, programs, Netstat.COMMAND, Netstat::parse));
            case "services" ->
                Optional.of(new ServiceCollector(
                        origin, new ServiceCollector.Listed(programs, Cim.SERVICES, Cim::services), List.of(), ""));
            case "inventory" -> Optional.of(new InventoryTable(origin, "windows", new WindowsInventory(programs)));
            case "eventlog" ->
                Optional.of(new EventLogCollector(
                        paths, data.resolve("eventlog.json"), () -> new ProgramLook(clock), clock));
            default -> Optional.empty();
        };
    }
}
