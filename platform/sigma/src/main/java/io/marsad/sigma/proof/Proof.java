package io.marsad.sigma.proof;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The samples beside a rule file ({@code x.test.yaml} beside {@code x.yaml}).
 *
 * @param fires each must raise a detection
 * @param silent none may raise one
 */
public record Proof(Path file, List<Sample> fires, List<Sample> silent) {
    private static final int MAX_RECORDS = 10_000;

    public Proof {
        fires = List.copyOf(fires);
        silent = List.copyOf(silent);
    }

    /**
     * Records in their vendor's own shape, in the order they arrive.
     *
     * @param format the name of the records' format, such as {@code json} or {@code syslog}
     */
    public record Sample(String name, String format, List<byte[]> records, int line) {
        public Sample {
            records = List.copyOf(records);
        }
    }

    /** @throws ContentException with every fault of the file */
    public static Proof read(Path file) throws ContentException, IOException {
        var documents = YamlReader.read(file);
        if (documents.size() != 1) {
            throw new ContentException(file.toString(), 0, "one document is expected");
        }
        var node = documents.getFirst().asMapping();
        node.allowOnly("description", "fires", "silent");
        var fires = samples(node, "fires");
        var silent = samples(node, "silent");
        if (fires.isEmpty() || silent.isEmpty()) {
            throw node.fault("a proof has at least one sample that fires and one that is silent");
        }
        return new Proof(file, fires, silent);
    }

    private static List<Sample> samples(YamlNode.Mapping node, String key) throws ContentException {
        var samples = new ArrayList<Sample>();
        var list = node.get(key);
        if (list == null) {
            return samples;
        }
        for (YamlNode item : list.asList()) {
            var sample = item.asMapping();
            sample.allowOnly("name", "description", "format", "record", "records");
            var one = sample.get("record");
            var several = sample.get("records");
            if ((one == null) == (several == null)) {
                throw sample.fault("a sample has either 'record' or 'records'");
            }
            var records = new ArrayList<byte[]>();
            if (one != null) {
                records.add(bytes(one));
            }
            if (several != null) {
                for (YamlNode record : several.asList()) {
                    if (records.size() >= MAX_RECORDS) {
                        throw sample.fault("a sample has at most " + MAX_RECORDS + " records");
                    }
                    records.add(bytes(record));
                }
            }
            samples.add(new Sample(sample.requireText("name"), sample.requireText("format"), records, sample.line()));
        }
        return samples;
    }

    private static byte[] bytes(YamlNode record) throws ContentException {
        var text = record instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : JsonText.of(record);
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
