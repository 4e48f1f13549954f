package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.content.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads correlation documents. */
final class CorrelationReader {
    private static final Pattern TIMESPAN = Pattern.compile("(\\d{1,6})([smhd])");
    private static final Pattern NAME = Pattern.compile("[^\\s()]+");
    private static final List<String> WORDS = List.of("and", "or", "not");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_RULES = 256;
    private static final int MOST_GROUPS = 16;
    private static final double MOST_COUNTED = 100_000;
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
        if (condition instanceof YamlNode.Scalar) {
            return inWords(document, node, about, type);
        }
        if (condition != null) {
            var map = condition.asMapping();
            map.allowOnly(CONDITION_KEYS);
            percentile = bounds(map, bounds, fields);
        }
        var read = new SigmaCorrelation(
                about,
                type,
                node.require("rules").asTexts(),
                node.texts("group-by"),
                timespan(node.require("timespan")),
                aliases(node, fields),
                bounds,
                fields,
                percentile,
                null,
                flag(document) || flag(node));
        checkCondition(node, read);
        checkSizes(node, read);
        return read;
    }

    private static void checkCondition(YamlNode.Mapping node, SigmaCorrelation read) throws ContentException {
        var type = read.type();
        var which = "a " + type.text() + " correlation";
        boolean temporal = type == SigmaCorrelation.Type.TEMPORAL || type == SigmaCorrelation.Type.TEMPORAL_ORDERED;
        boolean needsField = !temporal && type != SigmaCorrelation.Type.EVENT_COUNT;
        if (!temporal && read.bounds().isEmpty()) {
            throw node.fault(which + " needs a condition such as {gte: 10}");
        }
        if (needsField == read.fields().isEmpty()) {
            throw node.fault(which + (needsField ? " needs" : " has no") + " 'field' in its condition");
        }
        if (read.percentile() != null && type != SigmaCorrelation.Type.VALUE_PERCENTILE) {
            throw node.fault(which + " has no 'percentile'");
        }
        if (read.fields().size() > 1 && type != SigmaCorrelation.Type.VALUE_COUNT) {
            throw node.fault(which + " computes with one field");
        }
        boolean counts = type == SigmaCorrelation.Type.EVENT_COUNT || type == SigmaCorrelation.Type.VALUE_COUNT;
        for (SigmaCorrelation.Bound bound : read.bounds()) {
            if (counts && bound.value() > MOST_COUNTED) {
                throw node.fault(which + " counts up to " + (int) MOST_COUNTED);
            }
        }
    }

    private static void checkSizes(YamlNode.Mapping node, SigmaCorrelation read) throws ContentException {
        if (read.rules().isEmpty() || read.rules().size() > MOST_RULES) {
            throw node.fault("a correlation names 1 to " + MOST_RULES + " rules");
        }
        if (read.groupBy().size() > MOST_GROUPS) {
            throw node.fault("a correlation groups by at most " + MOST_GROUPS + " fields");
        }
    }

    /** A temporal correlation with a condition such as {@code a and (b or not c)}, over names of rules. */
    private static SigmaCorrelation inWords(
            YamlNode.Mapping document, YamlNode.Mapping node, About about, SigmaCorrelation.Type type)
            throws ContentException {
        var condition = node.require("condition");
        if (type != SigmaCorrelation.Type.TEMPORAL) {
            throw condition.fault("a condition in words is for temporal correlations; a " + type.text()
                    + " correlation has one such as {gte: 10}");
        }
        var named = new LinkedHashSet<String>();
        var names = NAME.matcher(condition.asText());
        while (names.find()) {
            if (!WORDS.contains(names.group().toLowerCase(Locale.ROOT))) {
                named.add(names.group());
            }
        }
        var rules = node.texts("rules");
        rules = rules.isEmpty() ? List.copyOf(named) : rules;
        if (!named.equals(new LinkedHashSet<>(rules))) {
            throw condition.fault("the condition and 'rules' name the same rules");
        }
        var read = new SigmaCorrelation(
                about,
                type,
                rules,
                node.texts("group-by"),
                timespan(node.require("timespan")),
                aliases(node, List.of()),
                List.of(),
                List.of(),
                null,
                Condition.parse(condition.asText(), rules, condition.file(), condition.line()),
                flag(document) || flag(node));
        checkSizes(node, read);
        return read;
    }

    private static @org.jspecify.annotations.Nullable Double bounds(
            YamlNode.Mapping map, List<SigmaCorrelation.Bound> bounds, List<String> fields) throws ContentException {
        Double percentile = null;
        for (YamlNode.Entry entry : map.entries()) {
            switch (entry.key()) {
                case "field" -> fields.addAll(entry.value().asTexts());
                case "percentile" -> {
                    percentile = number(entry.value());
                    if (percentile < 0 || percentile > 100) {
                        throw entry.value().fault("a percentile is from 0 to 100");
                    }
                }
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
            double number = Double.parseDouble(node.asText());
            if (Double.isFinite(number)) {
                return number;
            }
            throw node.fault("'" + node.asText() + "' is not a finite number");
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

    private static Map<String, Map<String, String>> aliases(YamlNode.Mapping node, List<String> fields)
            throws ContentException {
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
            if (!node.texts("group-by").contains(alias) && !fields.contains(alias)) {
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
