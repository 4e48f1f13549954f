package io.marsad.normalize.format;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a Windows event are called, from what the many shapes of its JSON call them.
 *
 * @param kind what to do with such a value
 * @param name the name it gets
 * @param slot the index of the name in {@link #SYSTEM}, or -1
 * @param rank of names that stand for the same part, the lowest wins
 */
record WindowsNames(Kind kind, String name, int slot, int rank) {
    /** What a path stands for. */
    enum Kind {
        /** Part of the System element. */
        SYSTEM,
        /** Another product's name for a part of System: so called only when that is not there itself. */
        ALIAS,
        /** Part of EventData or UserData. */
        DATA,
        /** The name of the {@code Data} element whose text comes before or after. */
        DATA_NAME,
        DATA_TEXT,
        /** Says nothing about the event, such as a name space. */
        NOTHING
    }

    /** The parts of System that data of the same name could be mistaken for. */
    static final List<String> SYSTEM = List.of(
            "EventID",
            "Provider_Name",
            "TimeCreated",
            "EventRecordID",
            "Channel",
            "Computer",
            "Level",
            "Task",
            "Opcode",
            "Keywords",
            "Version",
            "Provider_Guid",
            "Execution_ProcessID",
            "Execution_ThreadID",
            "Security_UserID",
            "Correlation_ActivityID",
            "Correlation_RelatedActivityID",
            "EventID_Qualifiers",
            "Provider_EventSourceName");

    /** Slots below this always have their bare name, whatever the data says: rules that name them mean these. */
    static final int SYSTEM_FIRST = 4;

    static final int EVENT_ID = 0;

    private static final Map<String, String> WINLOGBEAT = Map.ofEntries(
            Map.entry("event_id", "EventID"),
            Map.entry("provider_name", "Provider_Name"),
            Map.entry("provider_guid", "Provider_Guid"),
            Map.entry("channel", "Channel"),
            Map.entry("computer_name", "Computer"),
            Map.entry("record_id", "EventRecordID"),
            Map.entry("process.pid", "Execution_ProcessID"),
            Map.entry("process.thread.id", "Execution_ThreadID"),
            Map.entry("user.identifier", "Security_UserID"),
            Map.entry("activity_id", "Correlation_ActivityID"),
            Map.entry("related_activity_id", "Correlation_RelatedActivityID"),
            Map.entry("version", "Version"),
            Map.entry("task", "Task"),
            Map.entry("opcode", "Opcode"),
            Map.entry("keywords", "Keywords"),
            Map.entry("time_created", "TimeCreated"));

    /** Flat shapes of NXLog, Fluent Bit, PowerShell, OSSEC-likes: their names at the top. The number is the rank. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("SystemTime", "1TimeCreated"),
            Map.entry("@timestamp", "2TimeCreated"),
            Map.entry("EventTime", "3TimeCreated"),
            Map.entry("ProviderName", "1Provider_Name"),
            Map.entry("SourceName", "2Provider_Name"),
            Map.entry("Hostname", "1Computer"),
            Map.entry("MachineName", "2Computer"),
            Map.entry("LogName", "1Channel"),
            Map.entry("ProviderGuid", "1Provider_Guid"),
            Map.entry("RecordNumber", "1EventRecordID"),
            Map.entry("RecordId", "2EventRecordID"),
            Map.entry("Id", "1EventID"),
            Map.entry("ExecutionProcessID", "1Execution_ProcessID"),
            Map.entry("ThreadID", "1Execution_ThreadID"),
            Map.entry("UserID", "1Security_UserID"),
            Map.entry("ActivityID", "1Correlation_ActivityID"),
            Map.entry("RelatedActivityID", "1Correlation_RelatedActivityID"),
            Map.entry("Qualifiers", "1EventID_Qualifiers"));

    /** What a path of the JSON means. */
    static WindowsNames of(String jsonPath) {
        var path = jsonPath.startsWith("Event.") ? jsonPath.substring(6) : jsonPath;
        var last = path.substring(path.lastIndexOf('.') + 1).replace("@", "").toLowerCase(Locale.ROOT);
        if (last.equals("xmlns") || last.startsWith("xmlns:")) {
            return new WindowsNames(Kind.NOTHING, "", -1, 0);
        }
        var rest = after(path, "System.");
        if (rest != null) {
            return system(plain(rest).replace('.', '_'));
        }
        rest = after(path, "EventData.");
        if (rest != null) {
            return eventData(rest);
        }
        rest = after(path, "UserData.");
        if (rest != null) {
            // <UserData><LogFileCleared><Channel>: the element in between only says which event this is.
            int wrapper = rest.indexOf('.');
            return data(plain(rest.substring(wrapper + 1)));
        }
        rest = after(path, "ProcessingErrorData.");
        if (rest != null) {
            return data(plain(rest));
        }
        if (path.equals("RenderingInfo.Message")) {
            return data("Message");
        }
        rest = after(jsonPath, "winlog.");
        if (rest != null) {
            var data = rest.startsWith("user_data.") ? after(rest, "user_data.") : after(rest, "event_data.");
            var known = WINLOGBEAT.get(rest);
            return data != null ? data(data) : known != null ? system(known) : data(jsonPath);
        }
        var alias = ALIASES.get(jsonPath);
        if (alias != null) {
            var name = alias.substring(1);
            return new WindowsNames(Kind.ALIAS, jsonPath, SYSTEM.indexOf(name), alias.charAt(0) - '0');
        }
        int slot = SYSTEM.indexOf(jsonPath);
        // Flat events have System's parts by their own names: unless they also have "System.Channel", see WindowsEvent.
        return slot >= 0 ? new WindowsNames(Kind.ALIAS, jsonPath, slot, 0) : data(plain(path));
    }

    private static WindowsNames system(String name) {
        var canonical = switch (name) {
            case "TimeCreated_SystemTime" -> "TimeCreated";
            case "Provider" -> "Provider_Name";
            case "Security" -> "Security_UserID";
            default -> name;
        };
        return new WindowsNames(Kind.SYSTEM, canonical, SYSTEM.indexOf(canonical), 0);
    }

    private static WindowsNames data(String written) {
        var name = written.replace(" ", ""); // "Threat Name" is ThreatName to rules (specification, taxonomy)
        return new WindowsNames(Kind.DATA, name, SYSTEM.indexOf(name), 0);
    }

    private static WindowsNames eventData(String rest) {
        return switch (rest) {
            case "Data.@Name", "Data.Name", "Data.#attributes.Name", "Data_attributes.Name" ->
                new WindowsNames(Kind.DATA_NAME, "", -1, 0);
            case "Data.#text", "Data.text", "Data._", "Data.content", "Data.Value", "Data.value" ->
                new WindowsNames(Kind.DATA_TEXT, "Data", -1, 0);
            case "@Name", "#attributes.Name" -> data("EventData_Name");
            default -> data(plain(rest.startsWith("Data.") ? rest.substring(5) : rest));
        };
    }

    /** Without what only says how XML became JSON. */
    private static String plain(String path) {
        if (path.indexOf('#') < 0 && path.indexOf('@') < 0 && !path.contains("_attributes.")) {
            return path;
        }
        var name = new StringBuilder();
        for (var segment : path.replace("_attributes.", ".").split("\\.", -1)) {
            if (!segment.equals("#attributes") && !segment.equals("#text")) {
                name.append(name.isEmpty() ? "" : ".").append(segment.startsWith("@") ? segment.substring(1) : segment);
            }
        }
        return name.isEmpty() ? path : name.toString();
    }

    private static @Nullable String after(String path, String prefix) {
        return path.startsWith(prefix) ? path.substring(prefix.length()) : null;
    }
}
