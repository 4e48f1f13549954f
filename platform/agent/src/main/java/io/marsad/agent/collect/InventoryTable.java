package io.marsad.agent.collect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in and which software is installed, on a host whose programs have to be asked; the records are those of
 * {@link InventoryCollector}.
 */
public final class InventoryTable implements Collector {
    /** Asks the host. */
    public interface Host {
        /** Null when there is nothing to be had now. */
        @Nullable
        Table<HostSession, HostSession> sessions();

        /** Software and its versions; null when there is nothing to be had now, or nothing changed. */
        @Nullable
        Table<String, List<String>> software();

        /** How often a program said more than is taken. */
        long refusals();
    }

    private final Origin origin;
    private final Host host;
    private final PackageChanges software;
    private final Changes<HostSession, HostSession> sessions = new Changes<>();
    private long refusals;

    /** @param manager what manages its software, as records say it */
    public InventoryTable(Origin origin, String manager, Host host) {
        this.origin = origin;
        this.host = host;
        software = new PackageChanges(origin, manager);
    }

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public void poll(Sink sink) {
        var now = host.sessions();
        if (now != null) {
            refusals += now.refused();
            sessions.look(now.rows(), (change, session, before, is) -> {
                var activity = switch (change) {
                    case FIRST -> "Inventory";
                    case GONE -> "Logoff";
                    case CAME, CHANGED -> "Logon";
                };
                sink.accept(session.put(origin.record("login", activity)));
            });
        }
        var installed = host.software();
        if (installed != null) {
            refusals += installed.refused();
            software.look(installed.rows(), sink);
        }
    }

    /** Adds a version, sorted, and none twice. */
    public static void add(Map<String, List<String>> to, String name, String version) {
        var versions = to.computeIfAbsent(name, _ -> new ArrayList<>());
        if (!versions.contains(version)) {
            versions.add(version);
            versions.sort(null);
        }
    }

    @Override
    public long refusals() {
        return refusals + host.refusals();
    }
}
