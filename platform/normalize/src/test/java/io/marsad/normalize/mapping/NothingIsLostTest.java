package io.marsad.normalize.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.ocsf.EventJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a record says is in its event: as entries, and in the nested JSON. */
class NothingIsLostTest {
    private static final String[] VALUES = {
        "-",
        "",
        "4624",
        "0x1a4",
        "10.0.0.1",
        "C:\\Windows\\a.exe",
        "CORP\\bob",
        "MD5=aa,SHA256=bb",
        "true",
        "ä€😀",
        "2026-03-01T12:00:00Z",
        "3",
        "%%1904",
        "S-1-5-18",
        "a b c",
        "\n\t\"",
        "File",
        "ConsoleLogin",
        "Critical"
    };

    @Test
    void everyValueOfARandomRecordIsInItsEvent() throws Exception {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var mappings = Samples.mappings();
        var normalizer = new Normalizer(mappings);
        var samples = Samples.all().stream()
                .filter(sample -> List.of("windows", "json", "cloudtrail", "falco", "canonical")
                        .contains(sample.format()))
                .toList();
        var json = new EventJson(Samples.SCHEMA);
        for (int i = 0; i < 3000; i++) {
            var sample = samples.get(random.nextInt(samples.size()));
            @SuppressWarnings("unchecked")
            var record = (Map<String, @Nullable Object>) Samples.JSON.readValue(sample.record(), LinkedHashMap.class);
            mutate(record, random);
            var bytes = Samples.JSON.writeValueAsBytes(record);
            var out = new EventBatch(Samples.TENANT);
            var refusal = normalizer.normalize(Samples.batch(sample.format(), bytes), 0, out);
            if (refusal != null) {
                assertThat(out.rows()).isZero();
                continue;
            }
            var wanted = new HashMap<String, Integer>();
            leaves(record, wanted);
            var entries = new HashMap<String, Integer>();
            for (int e = out.first(0); e < out.end(0); e++) {
                entries.merge(out.type(e) == EventBatch.NULL ? "null" : out.text(e), 1, Integer::sum);
            }
            var nested = new HashMap<String, Integer>();
            leaves(json.nested(out, 0, false), nested);
            var where = "seed " + seed + ", record " + new String(bytes, StandardCharsets.UTF_8);
            wanted.forEach((value, count) -> {
                assertThat(entries.getOrDefault(value, 0))
                        .as(value + " in entries, " + where)
                        .isGreaterThanOrEqualTo(1);
                if (!value.equals("null")) {
                    assertThat(nested).as("in JSON, " + where).containsKey(value);
                }
            });
        }
    }

    private static void mutate(Map<String, @Nullable Object> record, Random random) {
        for (var key : List.copyOf(record.keySet())) {
            if (record.get(key) instanceof Map<?, ?> inner) {
                @SuppressWarnings("unchecked")
                var map = (Map<String, @Nullable Object>) inner;
                mutate(map, random);
            } else if (random.nextInt(5) == 0
                    && !List.of("EventID", "Channel", "Provider_Name").contains(key)) {
                record.put(key, random.nextBoolean() ? value(random) : List.of(value(random), value(random)));
            }
        }
        if (random.nextInt(3) == 0) {
            record.put("Extra" + random.nextInt(50), value(random));
        }
    }

    private static Object value(Random random) {
        return random.nextInt(4) == 0 ? random.nextInt(100_000) : VALUES[random.nextInt(VALUES.length)];
    }

    private static void leaves(@Nullable Object value, Map<String, Integer> into) {
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(inner -> leaves(inner, into));
            case List<?> list -> list.forEach(inner -> leaves(inner, into));
            case null -> into.merge("null", 1, Integer::sum);
            default -> into.merge(value.toString(), 1, Integer::sum);
        }
    }

    @Test
    void aFloodOfNamesIsBoundedAndNothingOfItIsLost() throws Exception {
        var normalizer = new Normalizer(Samples.mappings());
        var out = new EventBatch(Samples.TENANT);
        int before = io.marsad.kernel.event.Field.known();
        var records = new ArrayList<byte[]>();
        for (int i = 0; i < 6000; i++) {
            records.add(("{\"flood_name_" + i + "\":\"v" + i + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        var batch = Samples.batch("json", records.toArray(byte[][]::new));
        for (int i = 0; i < batch.size(); i++) {
            assertThat(normalizer.normalize(batch, i, out)).isNull();
        }
        assertThat(io.marsad.kernel.event.Field.known() - before).isLessThanOrEqualTo(Unmapped.MAX_NEW + 1);
        int last = out.rows() - 1;
        assertThat(out.text(last, io.marsad.kernel.event.Field.unmapped("unmapped_other")))
                .isEqualTo("flood_name_5999=v5999");
        assertThat(out.text(0, io.marsad.kernel.event.Field.unmapped("flood_name_0")))
                .isEqualTo("v0");
    }

    @Test
    void aFloodOfNamesDoesNotHideTheNameThatARuleSpeaksOf() throws Exception {
        var ofARule = io.marsad.kernel.event.Field.unmapped("a_rule_speaks_of_this");
        var normalizer = new Normalizer(Samples.mappings());
        var out = new EventBatch(Samples.TENANT);
        var records = new ArrayList<byte[]>();
        for (int i = 0; i < 9000; i++) { // more than fields and more than paths are learnt
            records.add(("{\"hiding_name_" + i + "\":\"v\"}").getBytes(StandardCharsets.UTF_8));
        }
        records.add("{\"a_rule_speaks_of_this\":\"seen\"}".getBytes(StandardCharsets.UTF_8));
        var batch = Samples.batch("json", records.toArray(byte[][]::new));
        for (int i = 0; i < batch.size(); i++) {
            assertThat(normalizer.normalize(batch, i, out)).isNull();
        }
        assertThat(out.text(out.rows() - 1, ofARule)).isEqualTo("seen");
    }

    @Test
    void synthesizedRecordsSaySoAndUnknownFormatsAreRefused() throws Exception {
        var normalizer = new Normalizer(Samples.mappings());
        var out = new EventBatch(Samples.TENANT);
        var batch = new RecordBatch(Samples.TENANT, "demo", "json", Samples.RECEIVED, 100);
        var bytes = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        batch.add(new EventId(1, 1), RecordBatch.SYNTHETIC, bytes, 0, bytes.length);
        assertThat(normalizer.normalize(batch, 0, out)).isNull();
        assertThat(Samples.values(out, "metadata.labels")).isEqualTo("synthetic");
        assertThat(out.origin(0)).isEqualTo("demo");
        assertThat(normalizer.normalize(Samples.batch("klingon", bytes), 0, out))
                .isEqualTo("no record format 'klingon'");
        assertThat(normalizer.normalize(Samples.batch("json", "{".getBytes(StandardCharsets.UTF_8)), 0, out))
                .isNotNull();
        assertThat(normalizer.normalize(Samples.batch("json", "{}".getBytes(StandardCharsets.UTF_8)), 0, out))
                .isEqualTo("the record has no values");
        assertThat(out.rows()).isEqualTo(1);
    }
}
