package io.marsad.bench.flow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** Records each of which one rule fires on, and the rules. One thread uses it. */
final class AlertTraffic {
    private static final List<String> LEVELS =
            List.of("low", "medium", "low", "high", "informational", "low", "medium");
    private static final List<String> TECHNIQUES =
            List.of("t1059.001", "t1027", "t1003.001", "t1547.001", "t1021.002", "t1486", "t1566.001");

    private final Mix mix;
    private final SplittableRandom random;
    private long serial;

    AlertTraffic(Mix mix, long seed) {
        this.mix = mix;
        this.random = new SplittableRandom(seed);
    }

    /** Who has alerts of what. */
    enum Mix {
        MIXED(8, 60, 1_500, 1_000),
        HOSTILE(1, 2, 1, 1);

        final int tenants;
        final int rules;
        final int hosts;
        final int users;

        Mix(int tenants, int rules, int hosts, int users) {
            this.tenants = tenants;
            this.rules = rules;
            this.hosts = hosts;
            this.users = users;
        }
    }

    /** Puts the rules into the folder of a platform that is to be started in it. */
    static void rules(Mix mix, Path folder) throws IOException {
        var to = Files.createDirectories(folder.resolve("data/rules"));
        for (int rule = 0; rule < mix.rules; rule++) {
            var id = UUID.nameUUIDFromBytes(("bench followers " + rule).getBytes(StandardCharsets.UTF_8));
            Files.writeString(
                    to.resolve("bench-" + rule + ".yml"),
                    String.format(
                            Locale.ROOT,
                            """
                    title: Benchmark %d
                    id: %s
                    status: test
                    description: Fires on one kind of record of a benchmark.
                    author: Marsad
                    level: %s
                    tags:
                        - attack.%s
                    logsource:
                        category: process_creation
                        product: windows
                    detection:
                        selection:
                            CommandLine|contains: '%s'
                        condition: selection
                    """,
                            rule,
                            id,
                            LEVELS.get((rule + 1) % LEVELS.size()),
                            TECHNIQUES.get(rule % TECHNIQUES.size()),
                            mark(rule)));
        }
    }

    private static String mark(int rule) {
        return String.format(Locale.ROOT, "mark-%04d-", rule);
    }

    /** So many records, of now. */
    Batch batch(int records) {
        var out = new ByteArrayOutputStream(records * 900);
        for (int i = 0; i < records; i++) {
            out.writeBytes(record().getBytes(StandardCharsets.UTF_8));
        }
        return new Batch("sysmon", "windows", out.toByteArray(), records, records, List.of());
    }

    private String record() {
        var user = "CORP\\\\user" + random.nextInt(mix.users);
        long number = ++serial;
        return String.format(
                Locale.ROOT,
                """
                {"@timestamp":"%s","agent":{"type":"winlogbeat","version":"8.13.2"},"winlog":{\
                "channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","computer_name":"wks-%d",\
                "provider_name":"Microsoft-Windows-Sysmon","record_id":%d,"event_data":{"RuleName":"-",\
                "ProcessId":"%d","Image":"C:\\\\Program Files\\\\Bench\\\\tool.exe",\
                "CommandLine":"tool.exe %s%d","CurrentDirectory":"C:\\\\Bench\\\\","User":"%s",\
                "IntegrityLevel":"Medium","ParentProcessId":"4711",\
                "ParentImage":"C:\\\\Program Files\\\\Bench\\\\shell.exe","ParentCommandLine":"shell.exe"}}}
                """,
                Instant.ofEpochMilli(System.currentTimeMillis()),
                random.nextInt(mix.hosts),
                number,
                1000 + number % 30_000,
                mark(random.nextInt(mix.rules)),
                number,
                user);
    }
}
