package io.marsad.agent.collect;

import io.marsad.agent.collect.HostService.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services that systemd has in memory, as {@code systemctl show} writes them: a paragraph of {@code NAME=VALUE} for each. */
final class Systemd implements ServiceCollector.Services {
    /** Of unit files, as systemd looks for them; generated and transient ones are not installed. */
    static final List<String> FOLDERS = List.of(
            "/etc/systemd/system",
            "/run/systemd/system",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system");

    /** Without a pattern it would be the manager's properties; without {@code --all} those of units in use only. */
    static final List<String> COMMAND = List.of(
            "systemctl",
            "show",
            "--type=service",
            "--all",
            "--no-pager",
            "--property=Id,Description,LoadState,ActiveState,SubState,UnitFileState,FragmentPath,ExecStart,MainPID,User");

    private static final Set<String> RUNNING = Set.of("active", "reloading", "deactivating", "refreshing");
    private static final int SERVICES = 5_000;
    private static final int TEXT = 4_096;
    private static final int ASKED_BY_NAME = 50;

    private final Programs programs;
    private Map<String, HostService> before = Map.of();
    private long refusals;

    /** @param refused paragraphs that name no service */
    record Read(Map<String, HostService> services, int refused) {}

    Systemd(Programs programs) {
        this.programs = programs;
    }

    @Override
    public @Nullable Map<String, HostService> look() {
        var now = look(List.of("*.service"));
        if (now == null) {
            return null;
        }
        // What nothing needs any more is forgotten: whether it was disabled, only the unit itself can say.
        var gone = before.values().stream()
                .filter(one -> one.startMode().startsWith("enabled") && !now.containsKey(one.name()))
                .map(HostService::name)
                .limit(ASKED_BY_NAME)
                .toList();
        if (!gone.isEmpty()) {
            var named = look(gone);
            if (named != null) {
                named.forEach(now::putIfAbsent);
            }
        }
        before = now;
        return now;
    }

    private @Nullable Map<String, HostService> look(List<String> which) {
        var command = new ArrayList<>(COMMAND);
        command.add("--");
        command.addAll(which);
        var said = programs.at(command);
        if (said == null) {
            return null;
        }
        var read = parse(new String(said, StandardCharsets.UTF_8));
        refusals += read.refused();
        return read.services().isEmpty() ? null : read.services();
    }

    static Read parse(String paragraphs) {
        var services = new LinkedHashMap<String, HostService>();
        int refused = 0;
        var values = new LinkedHashMap<String, String>();
        for (int at = 0; at <= paragraphs.length() && services.size() < SERVICES; ) {
            int end = paragraphs.indexOf('\n', at);
            end = end < 0 ? paragraphs.length() : end;
            var line = paragraphs.substring(at, end);
            at = end + 1;
            int equals = line.indexOf('=');
            if (equals > 0 && values.size() < 100) {
                var value = Found.cut(line.substring(equals + 1).strip(), TEXT);
                var name = line.substring(0, equals);
                values.merge(name, name.equals("ExecStart") ? argv(value) : value, Systemd::both);
            } else if (!line.isBlank()) {
                refused++;
            }
            if ((line.isBlank() || at > paragraphs.length()) && !values.isEmpty()) {
                var id = values.getOrDefault("Id", "");
                if (!id.endsWith(".service")) {
                    refused++;
                } else if (!"not-found".equals(values.get("LoadState"))) {
                    services.put(id, service(id, values));
                }
                values.clear();
            }
        }
        return new Read(services, refused);
    }

    private static String both(String one, String other) {
        return Found.cut(one + "; " + other, TEXT);
    }

    private static HostService service(String id, Map<String, String> values) {
        var active = values.getOrDefault("ActiveState", "");
        long pid = Math.max(0, Found.number(values.getOrDefault("MainPID", "0"), 10));
        boolean running = RUNNING.contains(active) || active.equals("activating") && pid > 0;
        return new HostService(
                id,
                values.getOrDefault("Description", ""),
                running ? State.RUNNING : active.equals("failed") ? State.FAILED : State.STOPPED,
                values.getOrDefault("UnitFileState", ""),
                values.getOrDefault("FragmentPath", ""),
                values.getOrDefault("ExecStart", ""),
                pid,
                values.getOrDefault("User", ""));
    }

    /** Of {@code { path=… ; argv[]=… ; ignore_errors=… ; start_time=… }} what is run: the rest is another at each start. */
    private static String argv(String value) {
        int from = value.indexOf("argv[]=");
        if (from < 0) {
            return "";
        }
        int to = value.indexOf(" ; ignore_errors=", from);
        return value.substring(from + 7, to < 0 ? value.length() : to).strip();
    }

    @Override
    public long refusals() {
        return refusals + programs.refusals();
    }
}
