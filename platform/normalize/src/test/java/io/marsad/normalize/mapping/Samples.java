package io.marsad.normalize.mapping;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.ocsf.OcsfSchema;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

/** Mappings of the content folder and the samples beside them. */
final class Samples {
    static final TenantId TENANT = new TenantId("acme");
    static final long RECEIVED = 1_790_000_000_000L; // 2026-09-21
    static final OcsfSchema SCHEMA = OcsfSchema.load();
    static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One sample.
     *
     * @param expect paths with the value as text, a list's items joined by {@code |}, {@code ~} for an absent one
     */
    record Sample(String file, String name, String format, byte[] record, Map<String, String> expect) {
        @Override
        public String toString() {
            return file + ": " + name;
        }
    }

    private Samples() {}

    static Path content() {
        var root = System.getProperty("marsad.root");
        return Path.of(root == null ? "../.." : root, "content");
    }

    static MappingSet mappings() throws ContentException, IOException {
        return MappingSet.load(content(), SCHEMA);
    }

    static List<Sample> all() throws ContentException, IOException {
        var samples = new ArrayList<Sample>();
        try (var files = Files.list(content().resolve("mappings"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".test.yaml"))
                    .sorted()
                    .toList()) {
                for (YamlNode document : YamlReader.read(file)) {
                    for (YamlNode item : document.asList()) {
                        samples.add(sample(file.getFileName().toString(), item.asMapping()));
                    }
                }
            }
        }
        return samples;
    }

    private static Sample sample(String file, YamlNode.Mapping node) throws ContentException {
        node.allowOnly("name", "format", "record", "expect");
        var record = node.require("record");
        var text = record instanceof YamlNode.Scalar scalar
                ? scalar.text().strip()
                : JSON.writeValueAsString(json(record));
        var expect = new LinkedHashMap<String, String>();
        for (var entry : node.require("expect").asMapping().entries()) {
            expect.put(
                    entry.key(),
                    entry.value() instanceof YamlNode.Scalar scalar && scalar.isNull()
                            ? "~"
                            : String.join("|", entry.value().asTexts()));
        }
        return new Sample(
                file,
                node.requireText("name"),
                node.requireText("format"),
                text.getBytes(StandardCharsets.UTF_8),
                expect);
    }

    private static @Nullable Object json(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                var object = new LinkedHashMap<String, @Nullable Object>();
                mapping.entries().forEach(entry -> object.put(entry.key(), json(entry.value())));
                yield object;
            }
            case YamlNode.Sequence sequence ->
                sequence.items().stream().map(Samples::json).toList();
            case YamlNode.Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT -> scalar.text();
                    case INTEGER -> Long.valueOf(scalar.text());
                    case DECIMAL -> Double.valueOf(scalar.text());
                    case BOOL -> Boolean.valueOf(scalar.text());
                    case NULL -> null;
                };
        };
    }

    static RecordBatch batch(String format, byte[]... records) {
        var batch = new RecordBatch(TENANT, "test", format, RECEIVED, 1024);
        for (byte[] record : records) {
            batch.add(new EventId(7, batch.size()), (byte) 0, record, 0, record.length);
        }
        return batch;
    }

    /** The event of a record; fails when it is none. */
    static EventBatch event(Normalizer normalizer, String format, byte[] record) {
        var out = new EventBatch(TENANT);
        var refusal = normalizer.normalize(batch(format, record), 0, out);
        if (refusal != null) {
            throw new AssertionError("refused: " + refusal + ": " + new String(record, StandardCharsets.UTF_8));
        }
        return out;
    }

    /** All values of a path in row 0, joined by {@code |}; {@code ~} when there are none. */
    static String values(EventBatch batch, String path) {
        var values = new ArrayList<String>();
        for (int e = batch.first(0); e < batch.end(0); e++) {
            if (io.marsad.kernel.event.Field.byId(batch.field(e)).path().equals(path)) {
                values.add(batch.type(e) == EventBatch.NULL ? "null" : batch.text(e));
            }
        }
        return values.isEmpty() ? "~" : String.join("|", values);
    }
}
