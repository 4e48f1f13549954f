package io.marsad.agent.collect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What programs of hosts say, as it was written down beside the tests. */
public final class Recordings {
    private Recordings() {}

    /** A recording of the package of a test. */
    public static String of(Class<?> test, String name) {
        try (var in = Objects.requireNonNull(test.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of one look, each as its activity and these fields. */
    public static List<String> poll(Collector collector, String... fields) {
        var found = new ArrayList<String>();
        collector.poll(one -> {
            var words = new ArrayList<String>();
            words.add(one.get("activity").stringValue());
            Stream.of(fields)
                    .filter(one::has)
                    .forEach(field -> words.add(one.get(field).asString()));
            found.add(String.join(" ", words));
        });
        return found;
    }
}
