package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import org.junit.jupiter.api.Test;

class MappingReaderTest {
    @Test
    void allFaultsAreSaidAtOnceWithTheirLines() {
        var yaml = """
                mapping: broken
                version: one
                title: Broken
                format: jsn
                product: {name: X}
                tables:
                  t: {a: Sucess}
                fields:
                  a: no_class_has_this
                events:
                  - when: {b: 1}
                    class: proces_activity
                  - when: {b: 2}
                    class: process_activity
                    activity: Lunch
                  - when: {b: 3}
                    class: process_activity
                    feilds: {}
                    fields:
                      c: process.cmdline
                      d: process.file
                    set: {severity_id: Hgh, device.os.type_id: x}
                    derive:
                      - {to: process.pid, from: e, by: hx}
                      - {to: status_id, from: e, table: t}
                      - {to: process.name, from: e, by: split}
                      - {to: process.name, from: e, pattern: '('}
                """;
        assertThatExceptionOfType(ContentException.class)
                .isThrownBy(() -> MappingSet.read("m.yaml", yaml, Samples.SCHEMA))
                .satisfies(fault -> assertThat(fault.problems().stream().map(Object::toString))
                        .containsExactlyInAnyOrder(
                                "m.yaml:2: a version is a whole number",
                                "m.yaml:4: no record format 'jsn' (did you mean 'json'?)",
                                "m.yaml:9: process_activity has no attribute 'no_class_has_this': 'no_class_has_this' is unknown",
                                "m.yaml:12: OCSF has no class 'proces_activity' (did you mean 'process_activity'?)",
                                "m.yaml:15: 'Lunch' is none of the values of activity_id (did you mean 'Launch'?)",
                                "m.yaml:18: unknown key 'feilds' (did you mean 'fields'?)",
                                "m.yaml:20: process_activity has no attribute 'process.cmdline': 'cmdline' is unknown"
                                        + " (did you mean 'cmd_line'?)",
                                "m.yaml:21: 'process.file' of process_activity is an object: name one of its attributes",
                                "m.yaml:22: 'Hgh' is none of the values of severity_id (did you mean 'High'?)",
                                "m.yaml:22: 'x' is none of the values of device.os.type_id",
                                "m.yaml:24: no operation 'hx' (did you mean 'hex'?)",
                                "m.yaml:25: 'Sucess' is none of the values of status_id (did you mean 'Success'?)",
                                "m.yaml:26: 'split' needs 'on'",
                                "m.yaml:27: not a pattern: error parsing regexp: missing closing ): `(?s)(`"));
    }

    @Test
    void namesResolveToAllPlacesThatTheyMayHave() throws Exception {
        var mappings = Samples.mappings();
        var cloudtrail = LogSource.of("aws", null, "cloudtrail");
        assertThat(mappings.fields(cloudtrail, "eventName")).containsExactly(Field.of("metadata.event_code"));
        assertThat(mappings.fields(cloudtrail, "requestParameters.name"))
                .containsExactly(Field.unmapped("requestParameters.name"));
        assertThat(mappings.fields(cloudtrail, "sourceIPAddress")).containsExactly(Field.unmapped("sourceIPAddress"));
        assertThat(mappings.fields(LogSource.of("windows", "network_connection", null), "SourceIp"))
                .containsExactlyInAnyOrder(Field.of("src_endpoint.ip"), Field.unmapped("SourceIp"));
        assertThat(mappings.fields(LogSource.of("windows", null, "sysmon"), "Image"))
                .containsExactlyInAnyOrder(Field.of("process.file.path"), Field.of("actor.process.file.path"));
        assertThat(mappings.fields(LogSource.of("windows", null, null), "EventID"))
                .containsExactly(Field.of("metadata.event_code"));
        assertThat(mappings.fields(LogSource.of("nobody", null, null), "x")).containsExactly(Field.unmapped("x"));
        assertThat(mappings.sources()).contains(LogSource.of("linux", null, "sshd"));
    }

    @Test
    void theMostSpecificMappingIsAskedFirstAndFallbacksLast() throws Exception {
        var names = Samples.mappings().names();
        assertThat(names.indexOf("falco")).isLessThan(names.indexOf("generic-json"));
        assertThat(names.indexOf("windows-sysmon")).isLessThan(names.indexOf("windows-generic"));
        assertThat(names.indexOf("linux-auth")).isLessThan(names.indexOf("linux-syslog"));
    }
}
