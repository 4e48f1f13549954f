package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.HostService;
import io.marsad.agent.collect.HostService.State;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Services as {@code launchctl list} has them: pid or {@code -}, how it ended last, and its label, between tabs. */
final class Launchctl {
    static final List<String> COMMAND = List.of("/bin/launchctl", "list");
    /** Of what is installed: who else may start something at boot or at login. */
    static final List<String> FOLDERS = List.of(
            "/Library/LaunchDaemons",
            "/Library/LaunchAgents",
            "/System/Library/LaunchDaemons",
            "/System/Library/LaunchAgents");

    private static final int SERVICES = 5_000;
    /** Ended well, or told to end (SIGKILL, SIGTERM). */
    private static final Set<String> WELL = Set.of("0", "-9", "-15", "-");

    private Launchctl() {}

    static Table<String, HostService> parse(byte[] said) {
        var rows = new LinkedHashMap<String, HostService>();
        int refused = 0;
        for (var line : (Iterable<String>) new String(said, StandardCharsets.UTF_8).lines()::iterator) {
            var words = line.split("\t", 3);
            if (line.startsWith("PID\t") || line.isBlank()) {
                continue;
            }
            long pid = words[0].equals("-") ? 0 : Found.number(words[0], 10);
            if (words.length < 3 || pid < 0 || words[2].isBlank() || rows.size() == SERVICES) {
                refused++;
                continue;
            }
            var label = Found.cut(words[2].strip(), 500);
            var state = pid > 0 ? State.RUNNING : WELL.contains(words[1]) ? State.STOPPED : State.FAILED;
            rows.put(label, new HostService(label, "", state, "", "", "", pid, ""));
        }
        return new Table<>(rows, refused);
    }
}
