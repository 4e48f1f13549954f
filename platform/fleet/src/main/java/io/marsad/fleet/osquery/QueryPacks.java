package io.marsad.fleet.osquery;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.wire.SignedAction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The packs of a tenant, those that are shipped among them, and which of them its groups of hosts are given. Thread-safe. */
public final class QueryPacks {
    private static final long FRESH_MILLIS = 5_000;
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_VERSIONS = 100;
    private static final int MOST_PACKS = 200; // of a group
    private static final int LONGEST_NOTE = 500;

    private final Database database;
    private final ShippedPacks shipped;
    private final InstantSource clock;
    private final ConcurrentMap<OfGroup, Remembered> configs = new ConcurrentHashMap<>();

    private record OfGroup(TenantId tenant, String group) {}

    private record Remembered(byte[] json, long until) {}

    public QueryPacks(Database database, ShippedPacks shipped, InstantSource clock) {
        this.database = database;
        this.shipped = shipped;
        this.clock = clock;
    }

    /** All that can be given, by name; of the tenant's own the newest version. */
    public List<KeptPack> list() {
        return database.inCallerTenant(
                connection -> List.copyOf(all(rows(connection)).values()));
    }

    /** Versions of one, newest first; of one that is shipped just the one. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<KeptPack> versions(String name) {
        return database.inCallerTenant(connection -> {
            var one = shipped.find(name);
            var found = one == null ? rows(connection).versions(name, MOST_VERSIONS) : List.of(kept(one));
            if (found.isEmpty()) {
                throw unknown(name);
            }
            return found;
        });
    }

    /**
     * Puts the next version of an own pack; hosts that are given it have it when they ask next.
     *
     * @param base the version that it was made from; 0: there was none
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-pack} with all faults; 409 {@code pack-changed} and
     *     {@code pack-is-shipped}
     */
    public KeptPack put(String name, long base, String text, String note) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        if (shipped.find(name) != null) {
            throw Problem.conflict(
                            "pack-is-shipped",
                            "This pack comes with the platform and stays as it is: take its text under another name.")
                    .asException();
        }
        var pack = require(name, text);
        requireNote(note);
        var kept = database.inCallerTenant(connection -> {
            var rows = rows(connection);
            rows.lock();
            var newest = rows.versions(name, 1);
            long before = newest.isEmpty() ? 0 : newest.getFirst().version();
            if (before != base) {
                throw Problem.conflict(
                                "pack-changed",
                                "The newest version is " + before + ", not " + base
                                        + ": look at what was changed, and begin with that.")
                        .asException();
            }
            var made = new KeptPack(pack, before + 1, text, note.strip(), caller.subject(), now);
            rows.put(name, made, now);
            audit(
                    connection,
                    "osquery-pack.put",
                    "osquery-pack:" + name,
                    now,
                    "version",
                    Long.toString(made.version()),
                    "sha256",
                    SignedAction.hash(text));
            return made;
        });
        forget(caller.tenant());
        return kept;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code pack-in-use} and {@code pack-is-shipped} */
    public void delete(String name) {
        var now = Instant.ofEpochMilli(clock.millis());
        if (shipped.find(name) != null) {
            throw Problem.conflict(
                            "pack-is-shipped",
                            "This pack comes with the platform; take it from the groups that have it.")
                    .asException();
        }
        database.inCallerTenant(connection -> {
            var rows = rows(connection);
            rows.lock();
            var groups = new TreeSet<String>();
            rows.assignments(null).values().stream()
                    .filter(one -> one.packs().contains(name))
                    .forEach(one -> groups.add(one.group()));
            if (!groups.isEmpty()) {
                throw Problem.conflict("pack-in-use", "Groups are given it: " + String.join(", ", groups) + ".")
                        .asException();
            }
            if (!rows.delete(name)) {
                throw unknown(name);
            }
            audit(connection, "osquery-pack.delete", "osquery-pack:" + name, now);
            return true;
        });
        forget(CallerScope.tenant());
    }

    /** What each group is given: those with hosts, and those that somebody has chosen packs for. */
    public List<Assignment> assignments() {
        return database.inCallerTenant(connection -> {
            var rows = rows(connection);
            var hosts = rows.hosts();
            var found = new TreeMap<String, Assignment>(rows.assignments(null));
            hosts.forEach((group, count) -> found.putIfAbsent(group, usual(group)));
            return found.values().stream()
                    .map(one -> one.withHosts(hosts.getOrDefault(one.group(), 0)))
                    .toList();
        });
    }

    /**
     * Says what a group is given from now on.
     *
     * @param base the version that it was made from; 0: nobody had chosen any
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-assignment}; 409 {@code assignment-changed}
     */
    public Assignment assign(String group, long base, List<String> packs, String note) {
        var caller = CallerScope.current();
        var now = Instant.ofEpochMilli(clock.millis());
        requireNote(note);
        boolean sound =
                !group.isBlank() && group.length() <= 100 && group.chars().noneMatch(Character::isISOControl);
        if (!sound || packs.size() > MOST_PACKS) {
            throw Problem.badRequest(
                            "invalid-assignment",
                            "A group has 1 to 100 printable characters, and is given at most " + MOST_PACKS + " packs.")
                    .asException();
        }
        var made = database.inCallerTenant(connection -> {
            var rows = rows(connection);
            rows.lock();
            var known = all(rows);
            var faults = new ArrayList<Problem.Fault>();
            var wanted = List.copyOf(new TreeSet<>(packs));
            for (int i = 0; i < packs.size(); i++) {
                if (!known.containsKey(packs.get(i))) {
                    faults.add(new Problem.Fault("/packs/" + i, "there is no pack '" + packs.get(i) + "'"));
                }
            }
            if (!faults.isEmpty()) {
                throw new Problem(
                                "invalid-assignment",
                                400,
                                "Bad request",
                                "A group is given packs that there are.",
                                faults)
                        .asException();
            }
            var newest = rows.assignments(group).get(group);
            long before = newest == null ? 0 : newest.version();
            if (before != base) {
                throw Problem.conflict(
                                "assignment-changed",
                                "What this group is given is of version " + before + ", not " + base
                                        + ": look at what was changed, and begin with that.")
                        .asException();
            }
            var one = new Assignment(group, before + 1, wanted, note.strip(), caller.subject(), now, 0);
            rows.put(one);
            audit(
                    connection,
                    "osquery-packs.assign",
                    "endpoint-group:" + group,
                    now,
                    "version",
                    Long.toString(one.version()),
                    "packs",
                    String.join(" ", wanted));
            return one.withHosts(rows.hosts().getOrDefault(group, 0));
        });
        forget(caller.tenant());
        return made;
    }

    /** What a host of a group is told, as osquery reads it; a few seconds old at most. */
    public byte[] config(TenantId tenant, String group) {
        var key = new OfGroup(tenant, group);
        long now = clock.millis();
        var known = configs.get(key);
        if (known != null && now < known.until) {
            return known.json;
        }
        var json = database.inTenant(tenant, connection -> config(new PackRows(connection, tenant), group));
        if (configs.size() >= MOST_REMEMBERED) {
            configs.clear();
        }
        configs.put(key, new Remembered(json, now + FRESH_MILLIS));
        return json;
    }

    private byte[] config(PackRows rows, String group) throws SQLException {
        var known = all(rows);
        var assigned = rows.assignments(group).getOrDefault(group, usual(group));
        var packs = assigned.packs().stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .map(KeptPack::pack)
                .filter(pack -> !pack.queries().isEmpty())
                .toList();
        return OsqueryConfig.of(packs).toString().getBytes(StandardCharsets.UTF_8);
    }

    private void forget(TenantId tenant) {
        configs.keySet().removeIf(one -> one.tenant.equals(tenant));
    }

    private Map<String, KeptPack> all(PackRows rows) throws SQLException {
        var found = new TreeMap<String, KeptPack>(rows.own());
        shipped.all().forEach((name, one) -> found.put(name, kept(one)));
        return found;
    }

    private Assignment usual(String group) {
        var names = shipped.all().values().stream()
                .map(ShippedPacks.PackText::pack)
                .filter(QueryPack::usual)
                .map(QueryPack::name)
                .toList();
        return new Assignment(group, 0, names, "", null, null, 0);
    }

    private static KeptPack kept(ShippedPacks.PackText one) {
        return new KeptPack(one.pack(), 0, one.text(), "", null, null);
    }

    private static QueryPack require(String name, String text) {
        var read = PackReader.read(name, text);
        if (read.pack() == null) {
            var faults = read.findings().stream()
                    .filter(PackFinding::error)
                    .map(one -> new Problem.Fault(
                            "/text", line(one.problem().line()) + one.problem().reason()))
                    .toList();
            throw new Problem("invalid-pack", 400, "Bad request", "No host would be given this pack.", faults)
                    .asException();
        }
        return read.pack();
    }

    private static String line(int line) {
        return line > 0 ? "line " + line + ": " : "";
    }

    private static void requireNote(String note) {
        if (note.length() > LONGEST_NOTE || note.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badRequest("invalid-note", "A note has at most " + LONGEST_NOTE + " printable characters.")
                    .asException();
        }
    }

    private static PackRows rows(Connection connection) {
        return new PackRows(connection, CallerScope.tenant());
    }

    private static void audit(Connection connection, String action, String on, Instant now, String... detail)
            throws SQLException {
        var caller = CallerScope.current();
        var said = AuditLog.detail(connection, detail);
        AuditLog.append(connection, caller.tenant(), new AuditLog.Entry(now, caller.subject(), action, on, said));
    }

    private static RuntimeException unknown(String name) {
        return Problem.notFound("There is no pack '" + name + "'.").asException();
    }
}
