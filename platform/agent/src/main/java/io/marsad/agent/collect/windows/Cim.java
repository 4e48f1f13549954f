package io.marsad.agent.collect.windows;

import io.marsad.agent.collect.Found;
import io.marsad.agent.collect.HostProcess;
import io.marsad.agent.collect.HostService;
import io.marsad.agent.collect.HostService.State;
import io.marsad.agent.collect.HostSession;
import io.marsad.agent.collect.Table;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Objects of CIM as PowerShell writes them as JSON: a list, or one object where there is but one. */
final class Cim {
    static final List<String> PROCESSES = System32.powershell("Get-CimInstance Win32_Process"
            + "|Select-Object ProcessId,ParentProcessId,Name,ExecutablePath,CommandLine,CreationDate");
    static final List<String> SERVICES = System32.powershell("Get-CimInstance Win32_Service"
            + "|Select-Object Name,DisplayName,State,StartMode,PathName,StartName,ProcessId");
    /** Whoever sits in front of it (2, 11) or is there from afar (10); services and network logons are the event log's. */
    static final List<String> SESSIONS = System32.powershell("$t=@{};"
            + "Get-CimInstance Win32_LogonSession -Filter 'LogonType=2 or LogonType=10 or LogonType=11'"
            + "|ForEach-Object{$t[$_.LogonId]=$_};"
            + "Get-CimInstance Win32_LoggedOnUser|ForEach-Object{$s=$t[$_.Dependent.LogonId];"
            + "if($s){[pscustomobject]@{User=$_.Antecedent.Name;Domain=$_.Antecedent.Domain;LogonId=$s.LogonId;"
            + "StartTime=$s.StartTime}}}");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ROWS = 32_768;
    private static final int TEXT = 16_384;

    private Cim() {}

    static Table<HostProcess.Key, HostProcess> processes(byte[] said) {
        return table(said, Cim::process, HostProcess::key);
    }

    static Table<String, HostService> services(byte[] said) {
        return table(said, Cim::service, HostService::name);
    }

    static Table<HostSession, HostSession> sessions(byte[] said) {
        return table(said, Cim::session, Function.identity());
    }

    private static <K, V> Table<K, V> table(byte[] said, Function<JsonNode, @Nullable V> row, Function<V, K> key) {
        var rows = new LinkedHashMap<K, V>();
        JsonNode root;
        try {
            var text = new String(said, StandardCharsets.UTF_8).strip();
            text = text.startsWith("\ufeff") ? text.substring(1) : text;
            root = JSON.readTree(text.isEmpty() ? "[]" : text); // of nothing, PowerShell makes nothing
        } catch (JacksonException e) {
            return new Table<>(rows, 1);
        }
        int refused = 0;
        for (var one : root.isObject() ? List.of(root) : root) {
            var value = row.apply(one);
            if (value == null || rows.size() == ROWS) {
                refused++;
            } else {
                rows.put(key.apply(value), value);
            }
        }
        return new Table<>(rows, refused + (root.isContainer() ? 0 : 1));
    }

    private static @Nullable HostProcess process(JsonNode one) {
        long pid = one.path("ProcessId").asLong(-1);
        long parent = one.path("ParentProcessId").asLong(-1);
        var name = text(one, "Name");
        return pid < 0 || name.isEmpty()
                ? null
                : new HostProcess(
                        new HostProcess.Key(pid, millis(one.path("CreationDate"))),
                        Math.max(-1, parent),
                        name,
                        text(one, "ExecutablePath"),
                        text(one, "CommandLine"),
                        "");
    }

    private static @Nullable HostService service(JsonNode one) {
        var name = text(one, "Name");
        var state = text(one, "State");
        if (name.isEmpty() || state.isEmpty()) {
            return null;
        }
        boolean stopped = state.equals("Stopped") || state.equals("Start Pending") || state.equals("Unknown");
        return new HostService(
                name,
                text(one, "DisplayName"),
                stopped ? State.STOPPED : State.RUNNING,
                text(one, "StartMode"),
                "",
                text(one, "PathName"),
                Math.max(0, one.path("ProcessId").asLong(0)),
                text(one, "StartName"));
    }

    private static @Nullable HostSession session(JsonNode one) {
        var user = text(one, "User");
        if (user.isEmpty()) {
            return null;
        }
        return new HostSession(user, text(one, "Domain"), "", text(one, "LogonId"), "", millis(one.path("StartTime")));
    }

    private static String text(JsonNode of, String field) {
        return Found.cut(of.path(field).asString("").strip(), TEXT);
    }

    /**
     * PowerShell 5 writes {@code /Date(1795413600123)/}, PowerShell 7 {@code 2026-11-23T07:00:00.123+01:00}, and either
     * an object with {@code value} where the type was extended.
     *
     * @return milliseconds since 1970, UTC; 0 where it is no time
     */
    static long millis(JsonNode time) {
        var text = (time.isObject() ? time.path("value") : time).asString("");
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("/date(") && lower.endsWith(")/")) {
            return Math.max(0, Found.number(text.substring(6, text.length() - 2), 10));
        }
        try {
            return text.isEmpty()
                    ? 0
                    : Math.max(0, OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return 0;
        }
    }
}
