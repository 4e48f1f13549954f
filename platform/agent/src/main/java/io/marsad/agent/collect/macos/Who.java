package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.HostSession;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;

/** Who is logged in, as {@code who} says it; its times have no year and are part of what tells sessions apart only. */
final class Who {
    static final List<String> COMMAND = List.of("/usr/bin/who");

    private static final int SESSIONS = 10_000;

    private Who() {}

    /** {@code dana     ttys001      Nov 23 09:12 (198.51.100.4)}. */
    static Table<HostSession, HostSession> parse(byte[] said) {
        var rows = new LinkedHashMap<HostSession, HostSession>();
        int refused = 0;
        for (var line : (Iterable<String>) new String(said, StandardCharsets.UTF_8).lines()::iterator) {
            var words = line.strip().split("\\s+", 6);
            if (words.length < 5 || rows.size() == SESSIONS) {
                refused += line.isBlank() ? 0 : 1;
                continue;
            }
            var host = words.length < 6 ? "" : words[5].replaceAll("^\\(|\\)$", "");
            var session = new HostSession(
                    Found.cut(words[0], 200),
                    "",
                    Found.cut(words[1], 200),
                    Found.cut(String.join(" ", words[2], words[3], words[4]), 200),
                    Found.cut(host, 500),
                    0);
            rows.put(session, session);
        }
        return new Table<>(rows, refused);
    }
}
