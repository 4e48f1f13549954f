package io.marsad.api.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BatchBodyTest {
    private static BatchBody json(String text) {
        return BatchBody.ofJson(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(BatchBody batch) {
        var texts = new ArrayList<String>();
        var records = batch.records();
        for (int i = 0; i < records.size(); i++) {
            texts.add(
                    records.isFit(i)
                            ? new String(records.bytes(i), records.offset(i), records.length(i), StandardCharsets.UTF_8)
                            : "UNFIT");
        }
        return texts;
    }

    @Test
    void keepsObjectsAsTheyAreWrittenAndUnescapesTexts() {
        var batch = json("""
                {"events": [ {"a" : "ä\\u0041", "b":[1,{}]} ,"line\\nü\\t\\"x\\"", 7, null, [1,[2]], {}, ""],
                 "source_format":"json", "synthetic":true, "connector_id":"c1", "connector_type":"t"}
                """);
        assertThat(texts(batch))
                .containsExactly(
                        "{\"a\" : \"ä\\u0041\", \"b\":[1,{}]}", "line\nü\t\"x\"", "UNFIT", "UNFIT", "UNFIT", "{}", "");
        assertThat(batch.format()).isEqualTo("json");
        assertThat(batch.connector()).isEqualTo("c1");
        assertThat(batch.synthetic()).isTrue();
    }

    @Test
    void findsWhatARealParserFindsInRandomBatches() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new Random(seed);
        var mapper = new JsonMapper();
        for (int round = 0; round < 200; round++) {
            var values = new ArrayList<Object>();
            for (int i = random.nextInt(30); i > 0; i--) {
                values.add(random.nextBoolean() ? word(random) : java.util.Map.of(word(random), word(random)));
            }
            var batch = BatchBody.ofJson(mapper.writeValueAsBytes(java.util.Map.of("events", values)));
            var found = new ArrayList<Object>();
            var texts = texts(batch);
            for (int i = 0; i < texts.size(); i++) {
                found.add(
                        values.get(i) instanceof String ? texts.get(i) : mapper.readValue(texts.get(i), Object.class));
            }
            assertThat(found).as("seed %d", seed).isEqualTo(values);
        }
    }

    private static String word(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.appendCodePoint("abc\"\\\n\t{}[],:é€𝄞\u0000".codePointAt(random.nextInt(15)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"events\":{}}",
                "{\"events\":[],\"events\":[]}",
                "{\"events\":[{]}",
                "{\"events\":[{}]",
                "{\"events\":[]} x",
                "{\"events\":[],\"synthetic\":1}",
                "{\"events\":[],\"evil\":1}",
                "{\"events\":[\"\\ud800\"",
                "\u0000"
            })
    void refusesWhatIsNoBatch(String text) {
        assertThatThrownBy(() -> json(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(400));
    }

    @Test
    void boundsTheNumberOfRecords() {
        var most = "{\"events\":[" + "1,".repeat(BatchBody.MAX_RECORDS - 1) + "1]}";
        assertThat(json(most).records().size()).isEqualTo(BatchBody.MAX_RECORDS);
        assertThatThrownBy(() -> json(most.replace("]", ",1]"))).hasMessageContaining("at most");
    }
}
