package io.marsad.fleet.osquery;

import io.marsad.fleet.osquery.QueryPack.Query;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What can be said against a query of a pack before a host is asked it. */
final class QueryLint {
    private static final int LONGEST = 10_000;
    private static final int OFTEN = 60; // seconds

    /** What makes a host speak with others, or send its files away, is not for a schedule. */
    private static final Set<String> REFUSED = Set.of("curl", "curl_certificate", "carves");

    private final String file;
    private final List<PackFinding> findings;

    QueryLint(String file, List<PackFinding> findings) {
        this.file = file;
        this.findings = findings;
    }

    /**
     * Looks at one.
     *
     * @param pack the platforms of its pack, as packs name them
     * @param watches whether the pack says which files are watched
     */
    void look(Query query, String pack, boolean watches) {
        var words = sound(query.name(), query.sql(), query.line());
        if (words == null) {
            return;
        }
        var platforms = new TreeSet<>(OsqueryTables.platforms(pack));
        platforms.retainAll(OsqueryTables.platforms(query.limits().platform()));
        if (platforms.isEmpty()) {
            warn(query, "its platform and that of its pack leave no host");
        }
        boolean events = false;
        for (var name : words.tables()) {
            var table = OsqueryTables.find(name);
            if (table == null) {
                warn(
                        query,
                        "osquery has no table '" + name + "'" + OsqueryTables.suggestion(name)
                                + "; where no extension brings it, the query fails");
                continue;
            }
            events |= table.events();
            if (name.equals("file_events") && !watches) {
                warn(query, "file_events is empty where no file_paths say which files are watched");
            }
            var elsewhere = new TreeSet<>(platforms);
            elsewhere.removeAll(table.platforms());
            if (!elsewhere.isEmpty()) {
                warn(
                        query,
                        "there is no table '" + name + "' on " + String.join(", ", elsewhere) + ": say platform: "
                                + String.join(",", new TreeSet<>(table.platforms())));
            }
            if (!table.required().isEmpty() && table.required().stream().noneMatch(words::chooses)) {
                warn(
                        query,
                        "'" + name + "' answers nothing where none of " + String.join(", ", table.required())
                                + " is given in WHERE or a join");
            }
        }
        habits(query, words, events);
    }

    private void habits(Query query, QueryWords words, boolean events) {
        if (events && query.snapshot()) {
            warn(
                    query,
                    "what happened is told once: a snapshot of events is the same as an answer without, but dearer");
        } else if (events && !Boolean.FALSE.equals(query.removed())) {
            warn(query, "events go away by themselves: say removed: false, or each is told twice");
        }
        if (!events && query.interval() < OFTEN) {
            warn(query, "asked every " + query.interval() + " s: what is no event seldom changes that often");
        }
        int all = words.words().indexOf("*");
        if (all == 1) {
            warn(query, "SELECT *: with another version of osquery the rows have other columns");
        }
    }

    /** Whether it is a query at all, and one that may be asked; null when not. */
    @Nullable
    QueryWords sound(String name, String sql, int line) {
        if (sql.length() > LONGEST) {
            findings.add(PackFinding.error(file, line, name + ": longer than " + LONGEST + " characters"));
            return null;
        }
        var words = QueryWords.of(sql);
        if (!words.fault().isEmpty()) {
            findings.add(PackFinding.error(file, line, name + ": " + words.fault()));
            return null;
        }
        int carve = words.words().indexOf("carve");
        var read = words.tables();
        if (carve >= 0 && words.words().subList(carve, words.words().size()).indexOf("(") == 1) {
            read.add("carves"); // the function does what the table shows
        }
        for (var table : read) {
            if (REFUSED.contains(table)) {
                findings.add(PackFinding.error(
                        file, line, name + ": '" + table + "' makes the host send or fetch something; ask it live"));
                return null;
            }
        }
        return words;
    }

    private void warn(Query query, String reason) {
        findings.add(PackFinding.warning(file, query.line(), query.name() + ": " + reason));
    }
}
