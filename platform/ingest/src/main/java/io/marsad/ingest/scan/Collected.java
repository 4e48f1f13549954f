package io.marsad.ingest.scan;

import io.marsad.ingest.scan.ScanFiles.Part;
import io.marsad.ingest.scan.ScanFiles.Source;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.sigma.correlation.CorrelationMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts what the parts gave into the order of files and records. */
final class Collected {
    private final List<Finding> findings = new ArrayList<>();
    private final List<ScanResult.Unread> unread = new ArrayList<>();
    private final Map<Long, Numbering> numberings = new HashMap<>();
    private long unlisted;
    private int read;
    private int passedOver;
    private long records;
    private long events;
    private int source = -1;
    private long recordsOfSource;

    /** Says where the records of a part are. */
    private record Numbering(String file, long start, TreeMap<Long, String> entries) {
        Finding.Place place(long record) {
            var entry = entries.floorEntry(record);
            return entry == null
                    ? new Finding.Place(file, start + record)
                    : new Finding.Place(file + '!' + entry.getValue(), record - entry.getKey());
        }
    }

    Collected(ScanFiles files) {
        unread.addAll(files.unread());
    }

    /** A file has so many parts. */
    void file(Source file, int parts) {
        if (parts > 0) {
            read++;
        } else {
            passedOver++;
        }
    }

    void unread(String file, String reason, long count) {
        unread.add(new ScanResult.Unread(file, reason, count));
    }

    /** Called for the parts in their order. */
    void add(Part part, Pass.Outcome outcome) {
        if (part.source().index() != source) {
            source = part.source().index();
            recordsOfSource = 0;
        }
        var numbering = new Numbering(part.source().name(), recordsOfSource, outcome.entries);
        numberings.put((long) source << 32 | part.number(), numbering);
        for (Pass.Hit hit : outcome.hits) {
            if (findings.size() == Scanner.MOST_FINDINGS) {
                unlisted++;
                continue;
            }
            var event = hit.event();
            findings.add(new Finding(
                    new Finding.Event(
                            numbering.place(hit.record()),
                            event.time(),
                            event.recordId(),
                            event.channel(),
                            event.eventId(),
                            event.host()),
                    hit.rule().about(),
                    hit.matched(),
                    List.of()));
        }
        outcome.unread.forEach((reason, count) -> unread(part.source().name(), reason, count));
        recordsOfSource += outcome.records;
        records += outcome.records;
        events += outcome.events;
    }

    void correlated(CorrelationMatch match, EventBatch batch, int row) {
        var matched = new ArrayList<Finding.Matched>();
        var names = match.rule().groupBy();
        for (int i = 0; i < match.group().size(); i++) {
            matched.add(new Finding.Matched(
                    "group-by",
                    i < names.size() ? names.get(i) : "",
                    match.group().get(i),
                    ""));
        }
        findings.add(new Finding(
                Slots.event(place(batch.id(row)), batch, row),
                match.rule().about(),
                matched,
                match.events().stream().map(this::place).toList()));
    }

    private Finding.Place place(EventId id) {
        var numbering = numberings.get(id.high());
        return numbering == null ? new Finding.Place("", id.low()) : numbering.place(id.low());
    }

    ScanResult result(long bytes, long forgotten, ScanResult.Times times) {
        return new ScanResult(findings, unlisted, merged(), read, passedOver, records, events, bytes, forgotten, times);
    }

    private List<ScanResult.Unread> merged() {
        var sums = new TreeMap<String, TreeMap<String, Long>>();
        unread.forEach(one ->
                sums.computeIfAbsent(one.file(), f -> new TreeMap<>()).merge(one.reason(), one.count(), Long::sum));
        var all = new ArrayList<ScanResult.Unread>();
        sums.forEach((file, reasons) ->
                reasons.forEach((reason, count) -> all.add(new ScanResult.Unread(file, reason, count))));
        return all;
    }
}
