package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads correlation documents. */
final class CorrelationReader {
    private static final Pattern TIMESPAN = Pattern.compile("(\\d{1,6})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final String[] KEYS = {"type", "rules", "group-by", "timespan", "aliases", "condition", "generate"};
    private static final String[] CONDITION_KEYS = {"gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"};

    private CorrelationReader() {}

    static SigmaCorrelation read(YamlNode.Mapping document, About about) throws ContentException {
        var node = document.require("correlation").asMapping();
        node.allowOnly(KEYS);
        var type = AboutReader.choice(node, "type", SigmaCorrelation.Type.class, null);
        var bounds = new ArrayList<SigmaCorrelation.Bound>();
        var fields = new ArrayList<String>();
        Double percentile = null;
        var condition = node.get("condition");
        if (condition != null) {
            if (condition instanceof YamlNode.Scalar) {
                throw condition.fault(
                        "conditions in words are not part of the specification;" + " write a map such as {gte: 10}");
            }
            var map = condition.asMapping();
            map.allowOnly(CONDITION_KEYS);
            percentile = bounds(map, bounds, fields);
        }
        boolean temporal = type == SigmaCorrelation.Type.TEMPORAL || type == SigmaCorrelation.Type.TEMPORAL_ORDERED;
        boolean needsField = !temporal && type != SigmaCorrelation.Type.EVENT_COUNT;
        if (!temporal && bounds.isEmpty()) {
            throw node.fault("a " + type.text() + " correlation needs a condition such as {gte: 10}");
        }
        if (needsField == fields.isEmpty()) {
            throw node.fault("a " + type.text() + " correlation " + (needsField ? "needs" : "has no")
                    + " 'field' in its condition");
        }
        var rules = node.require("rules").asTexts();
        if (rules.isEmpty()) {
            throw node.fault("a correlation names at least one rule");
        }
        return new SigmaCorrelation(
                about,
                type,
                rules,
                node.texts("group-by"),
                timespan(node.require("timespan")),
                aliases(node),
                bounds,
                fields,
                percentile,
                flag(document) || flag(node));
    }

    private static @org.jspecify.annotations.Nullable Double bounds(
            YamlNode.Mapping map, List<SigmaCorrelation.Bound> bounds, List<String> fields) throws ContentException {
        Double percentile = null;
        for (YamlNode.Entry entry : map.entries()) {
            switch (entry.key()) {
                case "field" -> fields.addAll(entry.value().asTexts());
                case "percentile" -> percentile = number(entry.value());
                default ->
                    bounds.add(new SigmaCorrelation.Bound(
                            SigmaCorrelation.Bound.Operator.valueOf(entry.key().toUpperCase(Locale.ROOT)),
                            number(entry.value())));
            }
        }
        return percentile;
    }

    private static double number(YamlNode node) throws ContentException {
        try {
            return Double.parseDouble(node.asText());
        } catch (NumberFormatException e) {
            throw node.fault("'" + node.asText() + "' is not a number");
        }
    }

    private static Duration timespan(YamlNode node) throws ContentException {
        var matcher = TIMESPAN.matcher(node.asText());
        if (!matcher.matches()) {
            throw node.fault("'" + node.asText() + "' is not a timespan: a number with s, m, h or d is expected");
        }
        long number = Long.parseLong(matcher.group(1));
        var span = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        if (span.isZero() || span.compareTo(LONGEST) > 0) {
            throw node.fault("a timespan is from 1s to " + LONGEST.toDays() + "d");
        }
        return span;
    }

    private static Map<String, Map<String, String>> aliases(YamlNode.Mapping node) throws ContentException {
        var aliases = new HashMap<String, Map<String, String>>();
        var map = node.mapping("aliases");
        if (map != null) {
            for (YamlNode.Entry alias : map.entries()) {
                var byRule = new HashMap<String, String>();
                for (YamlNode.Entry rule : alias.value().asMapping().entries()) {
                    byRule.put(rule.key(), rule.value().asText());
                }
                aliases.put(alias.key(), Map.copyOf(byRule));
            }
        }
        for (String alias : aliases.keySet()) {
            if (!node.texts("group-by").contains(alias)) {
                throw node.fault("the alias '" + alias + "' is not used in group-by"
                        + Suggestion.among(alias, node.texts("group-by").toArray(String[]::new)));
            }
        }
        return aliases;
    }

    private static boolean flag(YamlNode.Mapping node) throws ContentException {
        var value = node.get("generate");
        if (value == null) {
            return false;
        }
        if (value instanceof YamlNode.Scalar scalar && scalar.kind() == YamlNode.Kind.BOOL) {
            return Boolean.parseBoolean(scalar.text());
        }
        throw value.fault("generate is true or false");
    }
}
