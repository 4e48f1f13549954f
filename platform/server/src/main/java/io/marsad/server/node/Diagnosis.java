package io.marsad.server.node;

import io.marsad.db.embedded.EmbeddedPostgres;
import io.marsad.kernel.content.ContentException;
import io.marsad.normalize.mapping.MappingSet;
import io.marsad.server.config.Config;
import io.marsad.soc.tenant.TenantTemplates;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the platform needs, looked at one by one. */
public final class Diagnosis {
    private static final long DISK_WANTED = 5L << 30;
    private static final long MEMORY_WANTED = 1L << 30;
    private static final long EARLIEST_SANE = 1_767_225_600_000L; // 2026-01-01, before this program was written

    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis() {}

    /**
     * One thing that was looked at.
     *
     * @param remedy what to do when it is not good; empty when it is
     */
    public record Finding(String what, boolean good, String found, String remedy) {}

    public static List<Finding> of(Config config, Path postgres) throws IOException {
        var diagnosis = new Diagnosis();
        diagnosis.jdk();
        diagnosis.clock();
        diagnosis.memory();
        diagnosis.disk(config.data());
        diagnosis.settings(config);
        boolean runs = LocalAccess.read(config.data()) != null;
        diagnosis.tcp(
                "port: console, API", config.http().address(), config.http().port(), runs, "http.port");
        var syslog = config.syslog();
        if (syslog != null) {
            diagnosis.tcp("port: syslog TCP", syslog.address(), syslog.tcpPort(), runs, "syslog.tcp");
            diagnosis.udp(syslog.address(), syslog.udpPort(), runs);
        }
        var agents = config.agents();
        if (agents != null) {
            diagnosis.tcp("port: agents", agents.address(), agents.port(), runs, "agents.port");
            diagnosis.tcp("port: enrollment", agents.address(), agents.enrollPort(), runs, "agents.enroll_port");
        }
        diagnosis.content(config.content());
        diagnosis.templates(config);
        if (config.database() == null) {
            diagnosis.embedded(postgres);
        }
        return List.copyOf(diagnosis.findings);
    }

    private void add(String what, boolean good, String found, String remedy) {
        findings.add(new Finding(what, good, found, good ? "" : remedy));
    }

    private void settings(Config config) throws IOException {
        var faults = SafeSettings.faults(config);
        add("settings", faults.isEmpty(), faults.isEmpty() ? "safe" : String.join("; ", faults), "see each of them");
    }

    private void jdk() {
        int version = Runtime.version().feature();
        add("JDK", version >= 25, Runtime.version().toString(), "install a JDK 25 and set JAVA_HOME to it");
    }

    private void clock() {
        var now = java.time.InstantSource.system().instant();
        add(
                "clock",
                now.toEpochMilli() > EARLIEST_SANE,
                now.toString(),
                "set the clock (timedatectl set-ntp true): times of events and sessions depend on it");
    }

    private void memory() throws IOException {
        var info = Path.of("/proc/meminfo");
        if (!Files.exists(info)) {
            return;
        }
        for (String line : Files.readAllLines(info)) {
            if (line.startsWith("MemAvailable:")) {
                long available = Long.parseLong(line.replaceAll("\\D", "")) << 10;
                add("memory", available >= MEMORY_WANTED, (available >> 20) + " MiB available", "free 1 GiB");
            }
        }
    }

    private void disk(Path data) throws IOException {
        Path existing = data;
        while (!Files.exists(existing)) {
            var parent = existing.getParent();
            if (parent == null) {
                break;
            }
            existing = parent;
        }
        FileStore store = Files.getFileStore(existing);
        long free = store.getUsableSpace();
        boolean writable = Files.isWritable(existing);
        add(
                "disk",
                free >= DISK_WANTED && writable,
                (free >> 30) + " GiB free at " + existing + (writable ? "" : ", not writable"),
                writable
                        ? "free some space or put the data elsewhere: --data DIR"
                        : "make " + existing + " writable for this user, or use --data DIR");
    }

    private void tcp(String what, String address, int port, boolean runs, String key) {
        if (port <= 0) {
            return;
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            add(what, true, address + ":" + port + " is free", "");
        } catch (IOException e) {
            taken(what, address + ":" + port, runs, key, e);
        }
    }

    private void udp(String address, int port, boolean runs) {
        if (port <= 0) {
            return;
        }
        try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), port))) {
            add("port: syslog UDP", socket.isBound(), address + ":" + port + " is free", "");
        } catch (IOException e) {
            taken("port: syslog UDP", address + ":" + port, runs, "syslog.udp", e);
        }
    }

    private void taken(String what, String where, boolean runs, String key, IOException e) {
        if (runs) {
            add(what, true, where + " is in use, and a platform runs on this data folder", "");
        } else {
            add(
                    what,
                    false,
                    where + ": " + e.getMessage(),
                    "stop what uses it, or choose another: --set " + key + "=PORT");
        }
    }

    private void content(Path content) throws IOException {
        try {
            MappingSet.load(content);
            add("content", true, "mappings in " + content + " are good", "");
        } catch (ContentException e) {
            add(
                    "content",
                    false,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "mend the named lines");
        }
    }

    private void templates(Config config) {
        var found = TenantTemplates.of(config.content(), config.data()).read();
        var faults = found.allFaults();
        add(
                "tenant templates",
                faults.isEmpty(),
                faults.isEmpty()
                        ? found.templates().size() + " of them are good"
                        : faults.getFirst() + (faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : ""),
                "mend the named lines; those with faults make no tenant");
    }

    private void embedded(Path postgres) throws IOException {
        var folder = Files.createTempDirectory("marsad-doctor");
        @Nullable String fault = null;
        try {
            openToOthers(folder);
            try (var server = EmbeddedPostgres.start(
                    new EmbeddedPostgres.Settings(folder.resolve("pg"), postgres, 0), new SecureRandom())) {
                fault = server.running() ? null : "started and stopped again";
            }
        } catch (IOException e) {
            fault = String.valueOf(e.getMessage());
        } finally {
            delete(folder);
        }
        add(
                "embedded PostgreSQL",
                fault == null,
                fault == null ? "starts and stops" : fault,
                "see the message; or use your own server: database.url in marsad.yaml");
    }

    /** The server runs as another user when we are root, and has to get through to its folder. */
    private static void openToOthers(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
