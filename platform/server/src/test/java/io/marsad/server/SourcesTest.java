package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.server.node.Content;
import io.marsad.server.node.SampleEvents;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.Liveness;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A rule means a kind of event, whoever tells of it; and what nobody tells of cannot make a rule fire. */
class SourcesTest {
    private static final Path CONTENT = Path.of(System.getProperty("marsad.root"), "content");
    private static final String HEAD = "title: t\nid: 6c1f4e0e-5d4e-4b7e-9d41-3d6c3fb5b7a1\n";

    private static final String SYSMON = """
            {"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":%s,
            "Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"ws1"},"EventData":{%s}}}""";
    private static final String SECURITY = """
            {"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":%s,
            "Channel":"Security","Computer":"ws1"},"EventData":{%s}}}""";
    private static final String OCSF = """
            {"class_uid":%s,"activity_id":%s,"severity_id":1,"time":1772366400000,"metadata":{"version":"1.8.0",
            "product":{"name":"Sensor","vendor_name":"Acme"}},"device":{"os":{"type_id":%s}},%s}""";

    private static Content shipped;

    @BeforeAll
    static void load() throws Exception {
        shipped = Content.load(CONTENT);
    }

    @Test
    void aProcessRuleFiresOnSysmonOnTheSecurityLogAndOnAnyAgentThatSpeaksOcsf() throws Exception {
        var rule = rule("{product: windows, category: process_creation}", """
                  s:
                    Image|endswith: '\\whoami.exe'
                    CommandLine|contains: '/all'
                    ParentImage|endswith: '\\cmd.exe'
                    User: 'CORP\\bob'
                    IntegrityLevel: [High, S-1-16-12288]
                  condition: s
                """);
        assertThat(fires(rule, "windows", SYSMON.formatted(1, """
                "Image":"C:\\\\Windows\\\\whoami.exe","CommandLine":"whoami /all","User":"CORP\\\\bob",
                "ParentImage":"C:\\\\Windows\\\\cmd.exe","IntegrityLevel":"High"
                """))).isTrue();
        assertThat(fires(rule, "windows", SECURITY.formatted(4688, """
                "NewProcessName":"C:\\\\Windows\\\\whoami.exe","CommandLine":"whoami /all","SubjectDomainName":"CORP",
                "SubjectUserName":"bob","ParentProcessName":"C:\\\\Windows\\\\cmd.exe",
                "MandatoryLabel":"S-1-16-12288"
                """))).isTrue();
        var process = """
                "actor":{"process":{"file":{"path":"C:\\\\Windows\\\\cmd.exe"}}},"process":{"cmd_line":"whoami /all",
                "integrity_id":4,"user":{"name":"bob","domain":"CORP"},"file":{"path":"C:\\\\Windows\\\\whoami.exe"}}
                """;
        assertThat(fires(rule, "json", OCSF.formatted(1007, 1, 100, process))).isTrue();
        assertThat(fires(rule, "json", OCSF.formatted(1007, 2, 100, process)))
                .as("a process that ends is none that starts")
                .isFalse();
        assertThat(fires(rule, "json", OCSF.formatted(1007, 1, 200, process)))
                .as("Linux is not Windows")
                .isFalse();
        assertThat(fires(rule, "windows", SYSMON.formatted(5, "\"Image\":\"C:\\\\Windows\\\\whoami.exe\"")))
                .isFalse();
    }

    @Test
    void registryEventIsEveryKindOfRegistryEvent() throws Exception {
        var any = rule(
                "{product: windows, category: registry_event}",
                "  s:\n    TargetObject|endswith: '\\Run'\n  condition: s\n");
        var set = rule(
                "{product: windows, category: registry_set}",
                "  s:\n    TargetObject|endswith: '\\Run'\n  condition: s\n");
        var data = "\"EventType\":\"%s\",\"TargetObject\":\"HKLM\\\\Run\"";
        assertThat(fires(any, "windows", SYSMON.formatted(12, data.formatted("CreateKey"))))
                .isTrue();
        assertThat(fires(any, "windows", SYSMON.formatted(13, data.formatted("SetValue"))))
                .isTrue();
        assertThat(fires(any, "windows", SYSMON.formatted(14, data.formatted("RenameKey"))))
                .isTrue();
        assertThat(fires(set, "windows", SYSMON.formatted(13, data.formatted("SetValue"))))
                .isTrue();
        assertThat(fires(set, "windows", SYSMON.formatted(12, data.formatted("CreateKey"))))
                .isFalse();
        assertThat(fires(
                        any,
                        "json",
                        OCSF.formatted(201002, 2, 100, "\"reg_value\":{\"path\":\"HKLM\",\"name\":\"Run\"}")))
                .isTrue();
    }

    @Test
    void aWordOfASourceIsNotTakenForAnObjectOfTheSchema() throws Exception {
        var rule = rule("{product: windows, service: openssh}", "  s:\n    process: sshd\n  condition: s\n");
        assertThat(fires(rule, "windows", """
                {"Event":{"System":{"Provider":{"#attributes":{"Name":"OpenSSH"}},"EventID":4,
                "Channel":"OpenSSH/Operational","Computer":"ws1"},"EventData":{"process":"sshd"}}}""")).isTrue();
    }

    @Test
    void theNameOfTheActivityIsSaidButIsNoKeyword() throws Exception {
        var event = new SampleEvents(shipped.mappings())
                .normalize("windows", SYSMON.formatted(1, "\"Image\":\"a.exe\"").getBytes(StandardCharsets.UTF_8));
        assertThat(event.text(0, Field.of("activity_name"))).isEqualTo("Launch");
        var rule = rule("{product: windows}", "  k:\n    - Launch\n  condition: k\n");
        assertThat(fires(rule, "windows", SYSMON.formatted(1, "\"Image\":\"a.exe\"")))
                .isFalse();
        assertThat(fires(rule, "windows", SYSMON.formatted(1, "\"Image\":\"launcher.exe\"")))
                .isTrue();
    }

    @Test
    void everyRuleOfOurOwnCanFire() {
        assertThat(shipped.liveness().unable()).isEmpty();
    }

    @Test
    void whichPublicRulesCannotFireIsKnownWithTheReason() throws Exception {
        var env = System.getenv("MARSAD_SHARED_DATA");
        var data = env != null ? Path.of(env) : Path.of(System.getProperty("marsad.root"), "..", "shared", "data");
        assumeTrue(Files.isDirectory(data.resolve("sigma")), () -> "skipped: no public rules at " + data);
        var rules = RuleSet.load(List.of(data.resolve("sigma")), shipped.fields());
        var liveness = new Content(shipped.schema(), shipped.mappings(), shipped.fields(), rules).liveness();
        var sources = liveness.unable().stream()
                .filter(verdict -> verdict.kind() == Liveness.Obstacle.SOURCE)
                .collect(Collectors.groupingBy(
                        verdict -> String.valueOf(verdict.reason()), TreeMap::new, Collectors.counting()));
        System.out.println("SourcesTest: " + liveness.able() + " can fire, "
                + liveness.unable().size() + " cannot; sources " + sources);
        assertThat(liveness.able()).isGreaterThan(3_600);
        assertThat(sources.keySet()).contains("no mapping provides jvm/application");
        assertThat(sources.keySet()).noneMatch(reason -> reason.contains("windows") || reason.contains("linux"));
        assertThat(liveness.unable()).allMatch(verdict -> verdict.reason() != null);
    }

    private static RuleSet rule(String source, String detection) {
        var rules =
                RuleSet.of("rule.yml", HEAD + "logsource: " + source + "\ndetection:\n" + detection, shipped.fields());
        assertThat(rules.refusals()).isEmpty();
        return rules;
    }

    private static boolean fires(RuleSet rules, String format, String record) throws IOException {
        var batch = new SampleEvents(shipped.mappings())
                .normalize(format, record.replace("\n", "").getBytes(StandardCharsets.UTF_8));
        var fired = new boolean[1];
        rules.compile().match(batch, 0, new DetectionSink() {
            @Override
            public void detected(SigmaRule rule, EventBatch events, int row) {
                fired[0] = true;
            }

            @Override
            public void contributed(Correlation correlation, Correlation.Member member, EventBatch events, int row) {}
        });
        return fired[0];
    }
}
