package io.marsad.bench.store;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.store.SummaryTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What is asked about: taken from the events themselves, so that there is something to find. */
record Subjects(
        Field host,
        String aHost,
        Field process,
        String aProcess,
        String partOfProcess,
        Field address,
        String network,
        Field few,
        Field many) {
    /** Of an address that a network can be made of: neither this host's own nor nobody's. */
    private static final Pattern USUAL =
            Pattern.compile("(?!0\\.|127\\.|255\\.)(\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}\\.\\d{1,3}");

    /** A host of one event in a hundred or less, the most frequent program, fields of few and of very many values. */
    static Subjects of(Ours store) throws IOException {
        var host = Field.of("device.hostname");
        var hosts = store.top(host);
        var aHost = hosts.stream()
                .filter(group -> group.events() * 100 <= store.events)
                .map(Subjects::text)
                .findFirst()
                .orElse("none");
        var process = Field.of("process.name");
        var program = store.top(process).stream()
                .map(Subjects::text)
                .filter(name -> name.length() > 6)
                .findFirst()
                .orElse("nobody");
        var address = Field.of("src_endpoint.ip");
        var network = store.top(address).stream()
                .map(group -> USUAL.matcher(text(group)))
                .filter(java.util.regex.Matcher::matches)
                .map(match -> match.group(1) + ".0.0/16")
                .findFirst()
                .orElse("10.0.0.0/16");
        return new Subjects(
                host,
                aHost,
                process,
                program,
                program.substring(2, 6).toLowerCase(Locale.ROOT),
                address,
                network,
                Field.of("metadata.log_name"),
                many(store));
    }

    private static Field many(Ours store) throws IOException {
        var best = Field.of("process.uid");
        int most = -1;
        for (var name :
                List.of("process.uid", "actor.process.pid", "process.pid", "unmapped.EventRecordID", "metadata.uid")) {
            int size = store.top(Field.of(name)).size();
            if (size > most) {
                most = size;
                best = Field.of(name);
            }
        }
        return best;
    }

    private static String text(SummaryTable.Group group) {
        return String.valueOf(group.keys().getFirst());
    }
}
