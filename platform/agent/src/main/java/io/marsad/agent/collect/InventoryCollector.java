package io.marsad.agent.collect;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who is logged in ({@code login}: {@code Logon}, {@code Logoff}; user, terminal, src_host, pid, logon_time) and which packages
 * of dpkg and rpm are installed ({@code package}: {@code Install}, {@code Update}, {@code Remove}; package_manager, name, version,
 * version_before). What is there at the first look is {@code Inventory}. Their databases are read when they were written to.
 */
public final class InventoryCollector implements Collector {
    private static final int PACKAGES = 50_000;

    private final HostRoot root;
    private final InstantSource clock;
    private final Changes<Utmp.Session, Utmp.Session> sessions = new Changes<>();
    private final PackageChanges dpkg;
    private final PackageChanges rpm;
    private final Programs programs;
    private long read;
    private String signed = "";
    private long refusals;

    public InventoryCollector(HostRoot root, InstantSource clock) {
        this(root, clock, new ProgramLook(clock));
    }

    /** @param programs what is said by those that are asked for */
    InventoryCollector(HostRoot root, InstantSource clock, Programs programs) {
        this.root = root;
        this.clock = clock;
        this.programs = programs;
        dpkg = new PackageChanges(Origin.linux(clock), "dpkg");
        rpm = new PackageChanges(Origin.linux(clock), "rpm");
    }

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public void poll(Sink sink) {
        var utmp = HostRoot.bytes(root.of("/run/utmp"), Utmp.RECORD * 10_000);
        if (utmp != null) {
            var now = new LinkedHashMap<Utmp.Session, Utmp.Session>();
            Utmp.parse(utmp).forEach(one -> now.put(one, one));
            sessions.look(now, (change, session, _, _) -> {
                var activity = switch (change) {
                    case FIRST -> "Inventory";
                    case GONE -> "Logoff";
                    case CAME, CHANGED -> "Logon";
                };
                sink.accept(login(session, activity));
            });
        }
        dpkg(sink);
        rpm(sink);
    }

    private void dpkg(Sink sink) {
        var file = root.of("/var/lib/dpkg/status");
        long changed = file.toFile().lastModified();
        var status = changed == read ? null : HostRoot.text(file, 8 << 20);
        if (status != null) {
            this.read = changed;
            var read = Dpkg.parse(status, PACKAGES);
            refusals += read.refused();
            var versions = new LinkedHashMap<String, List<String>>();
            read.versions().forEach((name, version) -> versions.put(name, List.of(version)));
            dpkg.look(versions, sink);
        }
    }

    private void rpm(Sink sink) {
        var database = Rpm.database(root);
        if (database == null || database.sign().equals(signed)) {
            return;
        }
        var said = programs.at(database.query());
        if (said != null) {
            signed = database.sign();
            var read = Rpm.parse(new String(said, StandardCharsets.UTF_8), PACKAGES);
            refusals += read.refused();
            rpm.look(read.versions(), sink);
        }
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
        return refusals + programs.refusals();
    }
}
