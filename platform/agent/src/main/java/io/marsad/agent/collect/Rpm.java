package io.marsad.agent.collect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code rpm -qa} says, and whether it has to be asked. Not thread-safe. */
final class Rpm {
    private static final List<String> DATABASES = List.of(
            "/usr/lib/sysimage/rpm/rpmdb.sqlite",
            "/var/lib/rpm/rpmdb.sqlite",
            "/usr/lib/sysimage/rpm/Packages.db",
            "/usr/lib/sysimage/rpm/Packages",
            "/var/lib/rpm/Packages.db",
            "/var/lib/rpm/Packages");
    private static final String FORMAT = "%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\n";

    private Rpm() {}

    /**
     * A database as it is.
     *
     * @param sign another one means that it was written to
     */
    record Database(String folder, String sign) {
        List<String> query() {
            return List.of("rpm", "--dbpath", folder, "-qa", "--queryformat", FORMAT);
        }
    }

    /** @param refused lines that are no packages */
    record Read(Map<String, List<String>> versions, int refused) {}

    /** Null where there is none. */
    static @Nullable Database database(HostRoot root) {
        for (var path : DATABASES) {
            var file = root.of(path);
            if (file.toFile().isFile()) {
                var log = file.resolveSibling(file.getFileName() + "-wal").toFile(); // written first, by SQLite
                return new Database(
                        String.valueOf(file.getParent()),
                        file.toFile().lastModified() + " " + file.toFile().length() + " " + log.lastModified() + " "
                                + log.length());
            }
        }
        return null;
    }

    /** Packages ({@code name:architecture}) with their versions: of a kernel, say, there are several at once. */
    static Read parse(String lines, int limit) {
        var versions = new LinkedHashMap<String, List<String>>();
        int refused = 0;
        int count = 0;
        for (var line : (Iterable<String>) lines.lines()::iterator) {
            if (count == limit) {
                break;
            }
            var fields = line.split("\t", 4);
            if (fields.length == 3 && !fields[0].isBlank() && !fields[1].isBlank()) {
                var name = Found.cut(fields[0], 500) + ":" + Found.cut(fields[2], 50);
                versions.computeIfAbsent(name, _ -> new ArrayList<>()).add(Found.cut(fields[1], 500));
                count++;
            } else if (!line.isBlank()) {
                refused++;
            }
        }
        versions.values().forEach(some -> some.sort(null));
        return new Read(versions, refused);
    }
}
