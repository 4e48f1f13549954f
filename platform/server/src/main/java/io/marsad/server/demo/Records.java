package io.marsad.server.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes records in their vendors' own shapes. Deterministic: the same seed and calls give the same bytes. */
final class Records {
    static final String SYSMON = "Microsoft-Windows-Sysmon/Operational";
    static final String ACCOUNT = "111122223333";
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SYSMON_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = new JsonMapper();

    private final SplittableRandom random;
    private long serial = 40_000;

    Records(SplittableRandom random) {
        this.random = random;
    }

    /** An event of a Windows channel, as a shipper sends it: {@code {"Event":{"System":…,"EventData":…}}}. */
    Record windows(Instant at, String host, String provider, String channel, int eventId, Map<String, Object> data) {
        var system = new LinkedHashMap<String, Object>();
        system.put("Provider", Map.of("#attributes", Map.of("Name", provider)));
        system.put("EventID", eventId);
        system.put("Level", 4);
        system.put("TimeCreated", Map.of("#attributes", Map.of("SystemTime", UTC.format(at))));
        system.put("EventRecordID", ++serial);
        system.put("Channel", channel);
        system.put("Computer", host);
        var event = new LinkedHashMap<String, Object>();
        event.put("System", system);
        event.put(eventId == 1102 ? "UserData" : "EventData", eventId == 1102 ? Map.of("LogFileCleared", data) : data);
        return json("windows", at, Map.of("Event", event));
    }

    Record sysmon(Instant at, String host, int eventId, Object... pairs) {
        var data = new LinkedHashMap<String, Object>();
        data.put("RuleName", "-");
        data.put("UtcTime", SYSMON_TIME.format(at));
        data.putAll(map(pairs));
        return windows(at, host, "Microsoft-Windows-Sysmon", SYSMON, eventId, data);
    }

    Record security(Instant at, String host, int eventId, Object... pairs) {
        var provider = eventId == 1102 ? "Microsoft-Windows-Eventlog" : "Microsoft-Windows-Security-Auditing";
        return windows(at, host, provider, "Security", eventId, map(pairs));
    }

    /** Sysmon's process creation with everything that a real one has. */
    Record process(Instant at, String host, String user, Launch launch) {
        var file = launch.image.substring(launch.image.lastIndexOf('\\') + 1);
        return sysmon(
                at,
                host,
                1,
                "ProcessGuid",
                guid(),
                "ProcessId",
                1000 + random.nextInt(30_000),
                "Image",
                launch.image,
                "FileVersion",
                "10.0.19041.1",
                "Description",
                "-",
                "Product",
                "-",
                "Company",
                "Microsoft Corporation",
                "OriginalFileName",
                file,
                "CommandLine",
                launch.commandLine,
                "CurrentDirectory",
                "C:\\Windows\\",
                "User",
                user,
                "LogonGuid",
                guid(),
                "LogonId",
                "0x" + Integer.toHexString(random.nextInt(0x10000, 0xFFFFFF)),
                "TerminalSessionId",
                1,
                "IntegrityLevel",
                user.startsWith("NT AUTHORITY") ? "System" : "Medium",
                "Hashes",
                "MD5=" + hex(32) + ",SHA256=" + hex(64) + ",IMPHASH=" + hex(32),
                "ParentProcessGuid",
                guid(),
                "ParentProcessId",
                600 + random.nextInt(4000),
                "ParentImage",
                launch.parentImage,
                "ParentCommandLine",
                launch.parentCommandLine,
                "ParentUser",
                user);
    }

    /** What was started, and by what. */
    record Launch(String image, String commandLine, String parentImage, String parentCommandLine) {}

    Record cloudTrail(Instant at, String source, String name, String user, String address, Object... pairs) {
        var identity = new LinkedHashMap<String, Object>();
        identity.put("type", "IAMUser");
        identity.put("principalId", "AIDA" + user.toUpperCase(Locale.ROOT).replace("-", ""));
        identity.put("arn", "arn:aws:iam::" + ACCOUNT + ":user/" + user);
        identity.put("accountId", ACCOUNT);
        identity.put("accessKeyId", "AKIAEXAMPLE" + (1000 + Math.floorMod(user.hashCode(), 9000)));
        identity.put("userName", user);
        var event = new LinkedHashMap<String, Object>();
        event.put("eventVersion", "1.09");
        event.put("userIdentity", identity);
        event.put("eventTime", UTC.format(at).substring(0, 19) + "Z");
        event.put("eventSource", source);
        event.put("eventName", name);
        event.put("awsRegion", "eu-north-1");
        event.put("sourceIPAddress", address);
        event.put("userAgent", "aws-cli/2.17.9");
        event.put("requestID", guid().replace("{", "").replace("}", ""));
        event.put("eventID", guid().replace("{", "").replace("}", ""));
        event.put("eventType", "AwsApiCall");
        event.put("managementEvent", true);
        event.put("recipientAccountId", ACCOUNT);
        event.putAll(map(pairs));
        return json("cloudtrail", at, event);
    }

    Record falco(Instant at, String rule, String priority, String process, String command, Object... fields) {
        var output = new LinkedHashMap<String, Object>();
        output.put("evt.time", at.toEpochMilli() * 1_000_000L);
        output.put("user.name", "root");
        output.put("proc.name", process);
        output.put("proc.cmdline", command);
        output.put("container.id", "3f1c9a7d20be");
        output.put("container.name", "web");
        output.put("container.image.repository", "registry.halden.example/web");
        output.put("k8s.ns.name", "prod");
        output.put("k8s.pod.name", "web-6c9d4f-x2x7k");
        output.putAll(map(fields));
        var alert = new LinkedHashMap<String, Object>();
        alert.put("time", UTC.format(at).replace("Z", "000000Z"));
        alert.put("rule", rule);
        alert.put("priority", priority);
        alert.put("source", "syscall");
        alert.put("hostname", "node-3");
        alert.put("tags", List.of("container", "mitre_execution"));
        alert.put("output", rule + " (user=root command=" + command + " container=web)");
        alert.put("output_fields", output);
        return json("falco", at, alert);
    }

    /** RFC 5424, so that the year and zone are certain. */
    Record syslog(Instant at, String host, String app, String message) {
        var line = "<86>1 " + UTC.format(at) + " " + host + " " + app + " " + (1000 + random.nextInt(30_000)) + " - - "
                + message;
        return new Record("syslog", at, line.getBytes(StandardCharsets.UTF_8), null);
    }

    /** The records of one execve of whoever is logged in as {@code uid}, as auditd writes them with names resolved. */
    Record execve(Instant at, int uid, String executable, String... arguments) {
        var stamp = at.getEpochSecond() + "." + String.format(Locale.ROOT, "%03d", at.toEpochMilli() % 1000) + ":"
                + ++serial;
        var user = uid == 0 ? "root" : "deploy";
        var text = new StringBuilder(auditLine("SYSCALL", stamp))
                .append("arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=2101 pid=")
                .append(3000 + random.nextInt(20_000))
                .append(String.format(Locale.ROOT, " auid=%1$d uid=%1$d gid=%1$d euid=%1$d", uid))
                .append(" tty=pts0 ses=3 comm=\"")
                .append(executable.substring(executable.lastIndexOf('/') + 1))
                .append("\" exe=\"")
                .append(executable)
                .append("\" key=\"exec\"\u001DARCH=x86_64 SYSCALL=execve ")
                .append(String.format(Locale.ROOT, "AUID=\"%1$s\" UID=\"%1$s\" GID=\"%1$s\" EUID=\"%1$s\"\n", user))
                .append(auditLine("EXECVE", stamp))
                .append("argc=")
                .append(arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            text.append(" a").append(i).append('=').append(audit(arguments[i]));
        }
        text.append('\n').append(auditLine("CWD", stamp)).append(uid == 0 ? "cwd=\"/root\"" : "cwd=\"/home/deploy\"");
        text.append('\n').append(auditLine("PROCTITLE", stamp)).append("proctitle=");
        for (byte b : String.join("\0", arguments).getBytes(StandardCharsets.UTF_8)) {
            text.append(String.format(Locale.ROOT, "%02X", b));
        }
        return new Record("auditd", at, text.toString().getBytes(StandardCharsets.UTF_8), null);
    }

    private static String auditLine(String type, String stamp) {
        return "node=web-07 type=" + type + " msg=audit(" + stamp + "): ";
    }

    private static String audit(String argument) {
        if (argument.chars().allMatch(c -> c > ' ' && c != '"' && c < 127)) {
            return '"' + argument + '"';
        }
        var hex = new StringBuilder();
        for (byte b : argument.getBytes(StandardCharsets.UTF_8)) {
            hex.append(String.format(Locale.ROOT, "%02X", b));
        }
        return hex.toString();
    }

    private static Record json(String format, Instant at, Map<String, Object> record) {
        return new Record(format, at, JSON.writeValueAsBytes(record), null);
    }

    static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    String guid() {
        return "{" + hex(8) + "-" + hex(4) + "-4" + hex(3) + "-8" + hex(3) + "-" + hex(12) + "}";
    }

    private String hex(int digits) {
        var text = new StringBuilder(digits);
        for (int i = 0; i < digits; i++) {
            text.append(Character.forDigit(random.nextInt(16), 16));
        }
        return text.toString();
    }

    /**
     * A record to send.
     *
     * @param step the planted step it belongs to, or null for noise
     */
    record Record(
            String format,
            Instant at,
            byte[] bytes,
            @Nullable String step) {
        Record of(String plantedStep) {
            return new Record(format, at, bytes, plantedStep);
        }
    }
}
