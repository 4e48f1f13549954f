package io.marsad.agent.collect.macos;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.HostProcess;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Processes as {@code ps} lists them, without a heading, its times in UTC. */
final class Ps {
    static final List<String> COMMAND = List.of("/bin/ps", "-axww", "-o", "pid=,ppid=,uid=,lstart=,command=");

    private static final int PROCESSES = 32_768;
    private static final DateTimeFormatter START = DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy", Locale.ROOT);

    private Ps() {}

    static Table<HostProcess.Key, HostProcess> parse(byte[] said) {
        var rows = new LinkedHashMap<HostProcess.Key, HostProcess>();
        int refused = 0;
        for (var line : (Iterable<String>) new String(said, StandardCharsets.UTF_8).lines()::iterator) {
            var process = process(line.strip());
            if (process == null || rows.size() == PROCESSES) {
                refused += line.isBlank() ? 0 : 1;
            } else {
                rows.put(process.key(), process);
            }
        }
        return new Table<>(rows, refused);
    }

    /** {@code 412 1 501 Mon Nov 23 06:00:01 2026 /usr/sbin/cfprefsd agent}. */
    private static @Nullable HostProcess process(String line) {
        var words = line.split("\\s+", 9);
        if (words.length < 9) {
            return null;
        }
        long pid = Found.number(words[0], 10);
        long parent = Found.number(words[1], 10);
        long created;
        try {
            created = LocalDateTime.parse(String.join(" ", words[4], words[5], words[6], words[7]), START)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        } catch (DateTimeException e) {
            return null;
        }
        return pid < 0 || parent < 0
                ? null
                : new HostProcess(
                        new HostProcess.Key(pid, created), parent, name(words[8]), "", words[8], uid(words[2]));
    }

    /** Nobody is -2 there, which is unsigned elsewhere. */
    private static String uid(String text) {
        return text.equals("-2") ? "4294967294" : text;
    }

    /** The last part of the program's path; only inside of a bundle it is known to be able to have blanks. */
    private static String name(String command) {
        int bundle = command.indexOf(".app/Contents/MacOS/");
        int end = command.indexOf(bundle < 0 ? " " : " -", Math.max(0, bundle));
        var program = end < 0 ? command : command.substring(0, end);
        return Found.cut(program.substring(program.lastIndexOf('/') + 1), 500);
    }
}
