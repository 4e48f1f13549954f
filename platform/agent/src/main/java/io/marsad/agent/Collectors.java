package io.marsad.agent;

import io.marsad.agent.collect.AuditCollector;
import io.marsad.agent.collect.Collector;
import io.marsad.agent.collect.FalcoCollector;
import io.marsad.agent.collect.HostRoot;
import io.marsad.agent.collect.IntegrityCollector;
import io.marsad.agent.collect.InventoryCollector;
import io.marsad.agent.collect.JournalCollector;
import io.marsad.agent.collect.LogCollector;
import io.marsad.agent.collect.Origin;
import io.marsad.agent.collect.ProcessCollector;
import io.marsad.agent.collect.ServiceCollector;
import io.marsad.agent.collect.SocketCollector;
import io.marsad.agent.collect.macos.MacCollectors;
import io.marsad.agent.collect.windows.WindowsCollectors;
import io.marsad.agent.policy.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Makes collectors by the names that policies use. */
final class Collectors {
    private static final long HASHED = 64L << 20;
    private static final Map<String, Duration> WINDOWS = Map.of(
            "processes", Duration.ofMinutes(1),
            "sockets", Duration.ofSeconds(15),
            "services", Duration.ofMinutes(1),
            "inventory", Duration.ofMinutes(5),
            "eventlog", Duration.ofSeconds(10));
    private static final Map<String, Duration> MAC = Map.of(
            "processes", Duration.ofSeconds(10),
            "sockets", Duration.ofSeconds(10),
            "services", Duration.ofSeconds(30),
            "inventory", Duration.ofMinutes(1));

    private Collectors() {}

    /** The same with no shorter interval than the programs that are run on a system are worth: one policy has one for all systems. */
    static Policy.Collection bearable(String name, Policy.Collection how) {
        var os = System.getProperty("os.name", "");
        var least = os.startsWith("Windows") ? WINDOWS : os.startsWith("Mac") ? MAC : Map.<String, Duration>of();
        var every = least.getOrDefault(name, Duration.ZERO);
        return how.every().compareTo(every) >= 0
                ? how
                : new Policy.Collection(every, how.recordsPerSecond(), how.bytesPerSecond(), how.paths(), how.falco());
    }

    /** @param data where positions are kept */
    static Optional<Collector> of(String name, HostRoot root, Path data, Policy.Collection how, InstantSource clock) {
        return of(System.getProperty("os.name", ""), name, root, data, how, clock);
    }

    /** @param os as Java names it; what is neither Windows nor macOS is taken for a Linux */
    static Optional<Collector> of(
            String os, String name, HostRoot root, Path data, Policy.Collection how, InstantSource clock) {
        if (os.startsWith("Windows")) {
            return WindowsCollectors.of(name, data, how.paths(), clock);
        }
        if (name.equals("files")) {
            return Optional.of(new LogCollector(root, how.paths(), data.resolve("files.json"), clock));
        }
        return os.startsWith("Mac") ? MacCollectors.of(name, data, clock) : linux(name, root, data, how, clock);
    }

    private static Optional<Collector> linux(
            String name, HostRoot root, Path data, Policy.Collection how, InstantSource clock) {
        return switch (name) {
            case "processes" -> Optional.of(new ProcessCollector(root, clock, HASHED));
            case "sockets" -> Optional.of(new SocketCollector(root, clock));
            case "audit" -> Optional.of(new AuditCollector(root, data.resolve("audit.json"), clock));
            case "journal" -> Optional.of(new JournalCollector(data.resolve("journal.cursor"), clock));
            case "inventory" -> Optional.of(new InventoryCollector(root, clock));
            case "services" -> Optional.of(ServiceCollector.systemd(root, new Origin("", clock)));
            case "integrity" ->
                Optional.of(new IntegrityCollector(root, how.paths(), data.resolve("integrity.json"), clock));
            case "falco" ->
                Optional.of(new FalcoCollector(how.falco() == null ? Policy.Falco.USUAL : how.falco(), root, clock));
            default -> Optional.empty();
        };
    }
}
