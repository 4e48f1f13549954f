package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.ocsf.EventJson;
import io.marsad.kernel.ocsf.OcsfValidator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs every sample beside the mappings, and checks each event that comes out against the OCSF schema. */
class MappingContentTest {
    /** Faults of the schema check that are the source's: it does not say what OCSF requires. Sample or mapping, fault, why. */
    static final List<Map.Entry<String, String>> ALLOWED = List.of(
            Map.entry("auditd", "device.: device needs"), // a line without node= names no host
            Map.entry("auditd", "actor: required"), // a lone PATH line names no process
            Map.entry("auditd", "process.: process needs"), // an EXECVE line without its SYSCALL line
            Map.entry("falco", "evidences[0].process.: process needs"), // a rule's output fields may lack proc.pid
            Map.entry("falco", "evidences[0].process.parent_process.: process needs"),
            Map.entry("osquery", "actor: required")); // file_events does not say who

    @Test
    void allMappingsLoadAndEachHasSamples() throws Exception {
        var names = Samples.mappings().names();
        var files = Samples.all().stream().map(Samples.Sample::file).distinct().toList();
        assertThat(files)
                .containsAll(names.stream().map(name -> name + ".test.yaml").toList());
    }

    @TestFactory
    Stream<DynamicTest> samples() throws Exception {
        var normalizer = new Normalizer(Samples.mappings());
        return Samples.all().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.toString(), () -> run(normalizer, sample)));
    }

    private static void run(Normalizer normalizer, Samples.Sample sample) {
        var event = Samples.event(normalizer, sample.format(), sample.record());
        var soft = new SoftAssertions();
        for (var expected : sample.expect().entrySet()) {
            var actual = switch (expected.getKey()) {
                case "time" -> Instant.ofEpochMilli(event.time(0)).toString();
                case "source" -> event.source(0).toString();
                default -> Samples.values(event, expected.getKey());
            };
            soft.assertThat(actual).as(expected.getKey()).isEqualTo(expected.getValue());
        }
        soft.assertThat(faults(sample.toString(), event)).as("OCSF").isEmpty();
        if (!soft.wasSuccess()) {
            soft.fail("the event: %s", new EventJson(Samples.SCHEMA).flat(event, 0));
        }
        soft.assertAll();
    }

    static List<String> faults(String where, io.marsad.kernel.event.EventBatch event) {
        var nested = new EventJson(Samples.SCHEMA).nested(event, 0, true);
        var faults = new ArrayList<>(new OcsfValidator(Samples.SCHEMA).validate(nested));
        faults.removeIf(fault -> ALLOWED.stream()
                .anyMatch(allowed -> where.contains(allowed.getKey()) && fault.startsWith(allowed.getValue())));
        return faults;
    }
}
