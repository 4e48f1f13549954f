package io.marsad.agent.collect;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who is logged in ({@code login}: {@code Logon}, {@code Logoff}; user, terminal, src_host, pid, logon_time) and which packages
 * of Debian are installed ({@code package}: {@code Install}, {@code Update}, {@code Remove}; name, version, version_before). What is
 * there at the first look is {@code Inventory}.
 */
public final class InventoryCollector implements Collector {
    private static final int PACKAGES = 50_000;

    private final HostRoot root;
    private final InstantSource clock;
    private Set<Utmp.Session> sessions = new HashSet<>();
    private Map<String, String> packages = Map.of();
    private boolean first = true;
    private long read;
    private long refusals;

    public InventoryCollector(HostRoot root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public void poll(Sink sink) {
        var utmp = HostRoot.bytes(root.of("/run/utmp"), Utmp.RECORD * 10_000);
        if (utmp != null) {
            var now = new HashSet<>(Utmp.parse(utmp));
            now.stream()
                    .filter(s -> !sessions.contains(s))
                    .forEach(s -> sink.accept(login(s, first ? "Inventory" : "Logon")));
            sessions.stream().filter(s -> !now.contains(s)).forEach(s -> sink.accept(login(s, "Logoff")));
            sessions = now;
        }
        var file = root.of("/var/lib/dpkg/status");
        long changed = file.toFile().lastModified();
        var status = changed == read ? null : HostRoot.text(file, 8 << 20);
        if (status != null) {
            this.read = changed;
            var read = Dpkg.parse(status, PACKAGES);
            refusals += read.refused();
            changes(read.versions(), sink);
            packages = read.versions();
        }
        first = false;
    }

    private void changes(Map<String, String> now, Sink sink) {
        now.forEach((name, version) -> {
            var before = packages.get(name);
            if (!version.equals(before)) {
                var found = Found.of(
                                "package", first ? "Inventory" : before == null ? "Install" : "Update", clock.millis())
                        .put("name", name)
                        .put("version", version);
                Found.put(found, "version_before", before);
                sink.accept(found);
            }
        });
        packages.forEach((name, version) -> {
            if (!now.containsKey(name)) {
                sink.accept(Found.of("package", "Remove", clock.millis())
                        .put("name", name)
                        .put("version_before", version));
            }
        });
    }

    private ObjectNode login(Utmp.Session session, String activity) {
        return Found.of("login", activity, clock.millis())
                .put("user", session.user())
                .put("terminal", session.terminal())
                .put("src_host", session.host())
                .put("pid", session.pid())
                .put("logon_time", session.millis());
    }

    @Override
    public long refusals() {
        return refusals;
    }
}
