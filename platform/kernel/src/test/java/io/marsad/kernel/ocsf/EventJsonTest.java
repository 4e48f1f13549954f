package io.marsad.kernel.ocsf;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final OcsfSchema SCHEMA = OcsfSchema.load();
    private final EventJson json = new EventJson(SCHEMA);
    private final EventBatch batch = new EventBatch(new TenantId("acme"));

    @Test
    void schemaKnowsClassesAndPaths() {
        var process = Objects.requireNonNull(SCHEMA.byUid(1007));
        assertThat(process).isSameAs(SCHEMA.byName("process_activity"));
        assertThat(process.activity("Launch")).isEqualTo(1);
        assertThat(process.activity("nonsense")).isEqualTo(-1);
        assertThat(SCHEMA.attribute(process, "process.parent_process.file.hashes.value"))
                .satisfies(attribute -> assertThat(attribute.type()).isEqualTo("file_hash_t"));
        assertThat(SCHEMA.attribute(process, "process.cmdline")).isNull();
        assertThat(SCHEMA.alternatives(process, "process.cmdline")).contains("cmd_line");
        assertThat(SCHEMA.byName("registry_value_activity"))
                .isNotNull()
                .satisfies(c -> assertThat(c.categoryUid()).isEqualTo(1));
    }

    @Test
    void parallelListsBecomeObjectsAndEveryValueFindsAPlace() {
        batch.beginRow(new EventId(1, 2), 1_700_000_000_000L, 5, "edge-1");
        var raw = "<raw>".getBytes(StandardCharsets.UTF_8);
        batch.raw(raw, 0, raw.length);
        batch.add(Field.of("class_uid"), 1007);
        batch.add(Field.of("activity_id"), 1);
        batch.add(Field.of("category_uid"), 1);
        batch.add(Field.of("type_uid"), 100701);
        batch.add(Field.of("severity_id"), 1);
        batch.add(Field.of("metadata.product.name"), "Sysmon");
        batch.add(Field.of("metadata.product.vendor_name"), "Microsoft");
        batch.add(Field.of("device.hostname"), "ws1");
        batch.add(Field.of("actor.user.name"), "alice");
        batch.add(Field.of("process.pid"), "4711");
        batch.add(Field.of("process.parent_process.pid"), "0x1a");
        batch.add(Field.of("process.file.name"), "a.exe");
        batch.add(Field.of("process.file.name"), "second.exe");
        batch.add(Field.of("process.file.hashes.algorithm_id"), 1);
        batch.add(Field.of("process.file.hashes.value"), "aa");
        batch.add(Field.of("process.file.hashes.algorithm_id"), 3);
        batch.add(Field.of("process.file.hashes.value"), "bb");
        batch.add(Field.of("metadata.labels"), "synthetic");
        batch.add(Field.unmapped("Hashes"), "MD5=aa,SHA256=bb");
        batch.endRow();
        var event = json.nested(batch, 0, true);
        assertThat(new OcsfValidator(SCHEMA).validate(event)).isEmpty();
        assertThat(event).containsEntry("severity", "Informational").containsEntry("raw_data", "<raw>");
        assertThat(event.get("process"))
                .asInstanceOf(InstanceOfAssertFactories.map(Object.class, Object.class))
                .satisfies(process -> {
                    assertThat(process).containsEntry("pid", 4711L);
                    assertThat(process.get("file"))
                            .asInstanceOf(InstanceOfAssertFactories.map(Object.class, Object.class))
                            .satisfies(file -> assertThat(file.get("hashes"))
                                    .isEqualTo(List.of(
                                            Map.of("algorithm_id", 1L, "value", "aa", "algorithm", "MD5"),
                                            Map.of("algorithm_id", 3L, "value", "bb", "algorithm", "SHA-256"))));
                });
        assertThat(event.get("unmapped"))
                .isEqualTo(Map.of(
                        "process.parent_process.pid", "0x1a",
                        "process.file.name", "second.exe",
                        "Hashes", "MD5=aa,SHA256=bb"));
        assertThat(json.flat(batch, 0))
                .containsEntry("process.file.hashes.value", List.of("aa", "bb"))
                .containsEntry("class_uid", 1007L);
        assertThat(json.observables(batch, 0))
                .contains(new EventJson.Observable("device.hostname", 1, "ws1"))
                .contains(new EventJson.Observable("process.file.hashes.value", 8, "aa"));
    }

    @Test
    void theValidatorFindsWhatIsWrong() {
        var faults = new OcsfValidator(SCHEMA)
                .validate(Map.of(
                        "class_uid",
                        1007L,
                        "activity_id",
                        77L,
                        "type_uid",
                        5L,
                        "process",
                        Map.of("pid", "x", "nope", 1)));
        assertThat(String.join("\n", faults))
                .contains("activity_id: 77 is none")
                .contains("type_uid: 5 is not class_uid")
                .contains("process.pid: integer_t is expected")
                .contains("process.nope: process has no such attribute")
                .contains("device: required")
                .contains("metadata: required");
    }
}
