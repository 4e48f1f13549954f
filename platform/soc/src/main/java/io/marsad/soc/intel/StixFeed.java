package io.marsad.soc.intel;

import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The indicators of a STIX 2.1 bundle: the newest version of each, those that are revoked left out, those whose pattern is
 * a choice of values as those values ({@link StixPattern}). An indicator of the type {@code benign} lists what is good.
 */
final class StixFeed {
    private static final int MOST_FAULTS = 1_000;

    private final String file;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Version> newest = new HashMap<>();

    private StixFeed(String file) {
        this.file = file;
    }

    /** One version of an indicator object. */
    private record Version(Instant modified, boolean revoked, List<FeedEntry> entries) {}

    static LocalFeed read(String name, String file, String text) {
        var feed = new StixFeed(file);
        try {
            UntrustedJson.elements(new StringReader(text), "objects", feed::object);
        } catch (FaultyJsonException e) {
            feed.fault(1, "the bundle is " + e.getMessage());
        }
        var entries = new ArrayList<FeedEntry>();
        for (Version version : feed.newest.values()) {
            if (!version.revoked && entries.size() + version.entries.size() <= LocalFeed.MOST) {
                entries.addAll(version.entries);
            }
        }
        return new LocalFeed(name, entries, feed.faults);
    }

    private void object(JsonNode object, int line) {
        if (!"indicator".equals(UntrustedJson.text(object.get("type"))) || newest.size() >= LocalFeed.MOST) {
            return;
        }
        try {
            var id = required(object, "id");
            var modified = Instant.parse(required(object, "modified"));
            var before = newest.get(id);
            if (before == null || before.modified.isBefore(modified)) {
                var revoked = object.get("revoked");
                boolean gone = revoked != null && revoked.isBoolean() && revoked.booleanValue();
                newest.put(id, new Version(modified, gone, gone ? List.of() : entries(object)));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            fault(line, String.valueOf(e.getMessage()));
        }
    }

    private static List<FeedEntry> entries(JsonNode object) {
        if (!"stix".equals(required(object, "pattern_type"))) {
            throw new IllegalArgumentException("the pattern is not of STIX but of " + required(object, "pattern_type"));
        }
        var name = UntrustedJson.text(object.get("name"));
        var from = time(object, "valid_from");
        var until = time(object, "valid_until");
        var raw = object.toString();
        return StixPattern.indicators(required(object, "pattern")).stream()
                .map(indicator ->
                        new FeedEntry(indicator, confidence(object), name == null ? "" : name, from, until, raw))
                .toList();
    }

    private static BigDecimal confidence(JsonNode object) {
        for (JsonNode type : object.path("indicator_types")) {
            if ("benign".equals(UntrustedJson.text(type))) {
                return BigDecimal.ZERO;
            }
        }
        var given = object.get("confidence");
        if (given == null) {
            return FeedEntry.CERTAIN;
        }
        var number = UntrustedJson.number(given);
        if (number == null || number.signum() < 0 || number.compareTo(FeedEntry.CERTAIN) > 0) {
            throw new IllegalArgumentException("the confidence is no number from 0 to 100");
        }
        return number.setScale(Math.clamp(number.scale(), 0, 2), RoundingMode.CEILING);
    }

    private static @Nullable Instant time(JsonNode object, String name) {
        var text = UntrustedJson.text(object.get(name));
        return text == null ? null : Instant.parse(text);
    }

    private static String required(JsonNode object, String name) {
        var text = UntrustedJson.text(object.get(name));
        if (text == null) {
            throw new IllegalArgumentException("the indicator has no " + name);
        }
        return text;
    }

    private void fault(int line, String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(file + ":" + line + ": " + what);
        }
    }
}
