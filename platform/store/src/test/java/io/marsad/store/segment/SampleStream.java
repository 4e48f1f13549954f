package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Believable events of four kinds as JSON records of about 900 bytes, each leaf an entry that points into the record. */
final class SampleStream {
    private static final LogSource PROCESS = LogSource.of("windows", "process_creation", "sysmon");
    private static final LogSource NETWORK = LogSource.of("windows", "network_connection", "sysmon");
    private static final LogSource SSHD = LogSource.of("linux", null, "sshd");
    private static final LogSource TRAIL = LogSource.of("aws", null, "cloudtrail");
    private static final String[] IMAGES = {
        "svchost.exe",
        "powershell.exe",
        "cmd.exe",
        "chrome.exe",
        "teams.exe",
        "outlook.exe",
        "rundll32.exe",
        "conhost.exe"
    };
    private static final String[] CALLS = {"GetObject", "PutObject", "AssumeRole", "DescribeInstances", "ListBuckets"};

    private final Random random;
    private final StringBuilder raw = new StringBuilder();
    private final int[] spans = new int[256];
    private final Field[] fields = new Field[64];
    private final byte[] types = new byte[64];
    private int count;
    private long now = 1_790_000_000_000L;
    long rawBytes;

    SampleStream(long seed) {
        random = new Random(seed);
    }

    void fill(EventBatch batch, int rows, long firstOffset) {
        for (int i = 0; i < rows; i++) {
            now += random.nextInt(3) == 0 ? 1 : 0;
            raw.setLength(0);
            count = 0;
            raw.append('{');
            int kind = random.nextInt(10);
            var source = kind < 4 ? process() : kind < 6 ? network() : kind < 8 ? ssh() : trail();
            raw.setCharAt(raw.length() - 1, '}');
            var bytes = raw.toString().getBytes(StandardCharsets.ISO_8859_1);
            rawBytes += bytes.length;
            batch.beginRow(
                    EventId.atTime(now, random.nextLong(), random.nextLong()),
                    now + 200,
                    firstOffset + i,
                    "token-fleet");
            batch.time(now);
            int at = batch.raw(bytes, 0, bytes.length);
            batch.source(source);
            for (int k = 0; k < count; k++) {
                batch.add(fields[k].id(), at + spans[2 * k], spans[2 * k + 1], types[k]);
            }
            batch.add(CLASS, kind < 4 ? 1007 : kind < 6 ? 4001 : kind < 8 ? 3002 : 6003);
            batch.add(SEVERITY, 1 + random.nextInt(50) / 49 * 3);
            batch.endRow();
        }
    }

    private static final Field CLASS = Field.of("class_uid");
    private static final Field SEVERITY = Field.of("severity_id");

    private void put(String name, String path, String value, byte type) {
        raw.append('"').append(name).append("\":");
        if (type == EventBatch.TEXT) {
            raw.append('"');
        }
        spans[2 * count] = raw.length();
        spans[2 * count + 1] = value.length();
        fields[count] = Field.of(path);
        types[count++] = type;
        raw.append(value);
        if (type == EventBatch.TEXT) {
            raw.append('"');
        }
        raw.append(',');
    }

    private void text(String name, String path, String value) {
        put(name, path, value, EventBatch.TEXT);
    }

    private void number(String name, String path, long value) {
        put(name, path, Long.toString(value), EventBatch.NUMBER);
    }

    private String guid() {
        return "{%08X-%04X-%04X}".formatted(random.nextInt(), random.nextInt(65536), random.nextInt(65536));
    }

    private String hex(int longs) {
        var text = new StringBuilder();
        for (int i = 0; i < longs; i++) {
            text.append("%016x".formatted(random.nextLong()));
        }
        return text.toString();
    }

    private String host() {
        return "ws-" + (int) Math.abs(random.nextGaussian() * 300) + ".corp.example";
    }

    private String user() {
        return "CORP\\\\user" + (int) Math.abs(random.nextGaussian() * 500);
    }

    private LogSource process() {
        var image = IMAGES[(int) Math.abs(random.nextGaussian() * 3) % IMAGES.length];
        text("Computer", "device.hostname", host());
        number("EventID", "metadata.event_code", 1);
        text("Channel", "metadata.log_name", "Microsoft-Windows-Sysmon/Operational");
        text("UtcTime", "unmapped.UtcTime", java.time.Instant.ofEpochMilli(now).toString());
        text("ProcessGuid", "process.uid", guid());
        number("ProcessId", "process.pid", random.nextInt(30000));
        text("Image", "process.file.path", "C:\\\\Windows\\\\System32\\\\" + image);
        text(
                "CommandLine",
                "process.cmd_line",
                image + " -k netsvcs -p -s " + Integer.toHexString(random.nextInt(4000)) + " /task "
                        + random.nextInt(100000) + (random.nextInt(20000) == 0 ? " comsvcs.dll, MiniDump" : ""));
        text("CurrentDirectory", "process.working_directory", "C:\\\\Windows\\\\system32\\\\");
        text("User", "process.user.name", user());
        text("LogonGuid", "process.session.uid", guid());
        text("IntegrityLevel", "process.integrity", random.nextBoolean() ? "System" : "Medium");
        text("Hashes", "unmapped.Hashes", "SHA256=" + hash(image));
        text("ParentProcessGuid", "process.parent_process.uid", guid());
        number("ParentProcessId", "process.parent_process.pid", random.nextInt(30000));
        text("ParentImage", "process.parent_process.file.path", "C:\\\\Windows\\\\System32\\\\services.exe");
        text(
                "ParentCommandLine",
                "process.parent_process.cmd_line",
                "C:\\\\Windows\\\\System32\\\\services.exe /start " + random.nextInt(500));
        text("Company", "process.file.company_name", "Microsoft Corporation");
        text("Product", "process.file.product.name", "Microsoft Windows Operating System");
        text("FileVersion", "process.file.version", "10.0.19041." + random.nextInt(40));
        return PROCESS;
    }

    private static String hash(String image) {
        return "%016x%016x%016x"
                .formatted(Hash.mix(image.hashCode()), Hash.mix(image.length()), Hash.mix(7L + image.hashCode()));
    }

    private LogSource network() {
        text("Computer", "device.hostname", host());
        number("EventID", "metadata.event_code", 3);
        text("Channel", "metadata.log_name", "Microsoft-Windows-Sysmon/Operational");
        text("UtcTime", "unmapped.UtcTime", java.time.Instant.ofEpochMilli(now).toString());
        text("ProcessGuid", "actor.process.uid", guid());
        text("Image", "actor.process.file.path", "C:\\\\Program Files\\\\" + IMAGES[random.nextInt(IMAGES.length)]);
        text("User", "actor.user.name", user());
        text("Protocol", "connection_info.protocol_name", "tcp");
        text(
                "SourceIp",
                "src_endpoint.ip",
                "10." + random.nextInt(4) + "." + random.nextInt(250) + "." + random.nextInt(250));
        number("SourcePort", "src_endpoint.port", 49152 + random.nextInt(16000));
        text("DestinationIp", "dst_endpoint.ip", "203.0." + random.nextInt(113) + "." + random.nextInt(250));
        number("DestinationPort", "dst_endpoint.port", random.nextBoolean() ? 443 : 80);
        text("DestinationHostname", "dst_endpoint.hostname", "cdn" + random.nextInt(2000) + ".example.net");
        text("Initiated", "unmapped.Initiated", "true");
        return NETWORK;
    }

    private LogSource ssh() {
        text("host", "device.hostname", "srv-" + random.nextInt(80));
        text("program", "process.name", "sshd");
        number("pid", "process.pid", random.nextInt(30000));
        text("user", "user.name", random.nextBoolean() ? "root" : "deploy" + random.nextInt(30));
        text("result", "status", random.nextInt(4) == 0 ? "Failed password" : "Accepted publickey");
        text("ip", "src_endpoint.ip", "198.51.100." + random.nextInt(250));
        number("port", "src_endpoint.port", 1024 + random.nextInt(60000));
        text(
                "message",
                "message",
                "pam_unix(sshd:session): session opened for user root(uid=0) by (uid=" + random.nextInt(1000) + ")");
        return SSHD;
    }

    private LogSource trail() {
        var call = CALLS[random.nextInt(CALLS.length)];
        text("eventVersion", "unmapped.eventVersion", "1.08");
        text("type", "actor.user.type", "AssumedRole");
        text(
                "arn",
                "actor.user.uid_alt",
                "arn:aws:sts::123456789012:assumed-role/app-" + random.nextInt(60) + "/i-" + hex(1));
        text("accountId", "cloud.account.uid", "12345678901" + random.nextInt(5));
        text("accessKeyId", "actor.user.credential_uid", "ASIA" + hex(1).toUpperCase(java.util.Locale.ROOT));
        text(
                "eventTime",
                "unmapped.eventTime",
                java.time.Instant.ofEpochMilli(now).toString());
        text("eventSource", "api.service.name", "s3.amazonaws.com");
        text("eventName", "api.operation", call);
        text("awsRegion", "cloud.region", "eu-central-1");
        text("sourceIPAddress", "src_endpoint.ip", "52.95." + random.nextInt(250) + "." + random.nextInt(250));
        text(
                "userAgent",
                "http_request.user_agent",
                "aws-sdk-java/2." + random.nextInt(30) + " Linux/5.10 OpenJDK_64-Bit_Server_VM/17");
        text("bucketName", "unmapped.requestParameters.bucketName", "logs-" + random.nextInt(40));
        text("key", "unmapped.requestParameters.key", "2026/" + random.nextInt(12) + "/part-" + hex(1) + ".parquet");
        text("requestID", "api.request.uid", hex(1).toUpperCase(java.util.Locale.ROOT));
        text("eventID", "metadata.uid_alt", hex(2));
        put("readOnly", "unmapped.readOnly", "true", EventBatch.BOOL);
        return TRAIL;
    }
}
