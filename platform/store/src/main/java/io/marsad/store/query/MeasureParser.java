package io.marsad.store.query;

import io.marsad.kernel.content.Suggestion;
import io.marsad.store.query.Stage.Aggregation;
import io.marsad.store.query.Stage.Measured;
import io.marsad.store.query.Tokens.Kind;
import io.marsad.store.query.Tokens.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the stages that measure groups: {@code stats} and {@code timechart}. */
final class MeasureParser {
    /** What can be measured, as it is written. */
    static final List<String> WORDS = List.of(
            "count", "dc", "sum", "avg", "min", "max", "p50", "p90", "p95", "p99", "perc", "median", "values", "list",
            "first", "last");

    private static final Pattern PERCENTILE = Pattern.compile("p([0-9]{1,2}(\\.[0-9]{1,3})?)");
    private static final int MAX_MEASURES = 20;
    private static final int MAX_KEYS = 8;
    private static final int MAX_SERIES = 100;

    private final Tokens tokens;
    private final Scope scope;

    MeasureParser(Tokens tokens, Scope scope) {
        this.tokens = tokens;
        this.scope = scope;
    }

    Stage stats() throws Invalid {
        var measures = measures("stats");
        var keys = new ArrayList<Stage.Key>();
        if (tokens.taken("by")) {
            do {
                keys.add(key());
                if (keys.size() > MAX_KEYS) {
                    throw new Invalid(tokens.position(), "events are grouped by at most " + MAX_KEYS + " fields");
                }
            } while (tokens.taken(Kind.COMMA));
        }
        var columns = new ArrayList<String>();
        keys.forEach(key -> columns.add(key.column()));
        measures.forEach(measure -> columns.add(measure.column()));
        table(columns);
        return new Stage.Stats(measures, keys);
    }

    Stage timechart() throws Invalid {
        if (scope.isTable() && !scope.has("time")) {
            throw new Invalid(tokens.position(), "there is no column 'time' here, which timechart needs");
        }
        long span = tokens.taken("span") ? afterEquals(this::span) : 0;
        var measures = measures("timechart");
        String by = null;
        int most = 10;
        if (tokens.taken("by")) {
            var at = tokens.peek();
            by = name("by");
            if (measures.size() > 1) {
                throw new Invalid(at, "with 'by' timechart has one measure, not " + measures.size());
            }
        }
        var limit = tokens.peek();
        if (tokens.taken("limit")) {
            long count = afterEquals(() -> StageParser.whole(tokens.next()));
            if (by == null || count < 1 || count > MAX_SERIES) {
                throw new Invalid(limit, "limit=N, 1 to " + MAX_SERIES + ", says how many columns 'by' makes");
            }
            most = (int) count;
        }
        if (by != null) {
            scope.openTable();
        } else {
            var columns = new ArrayList<String>();
            columns.add("time");
            measures.forEach(measure -> columns.add(measure.column()));
            table(columns);
        }
        return new Stage.Timechart(span, measures, by, most);
    }

    /** Reads what stands behind an equals sign. */
    @FunctionalInterface
    private interface Reading {
        long read() throws Invalid;
    }

    private long afterEquals(Reading reading) throws Invalid {
        if (!tokens.takenSign("=")) {
            throw new Invalid(tokens.peek(), "'=' is expected, as in span=1h or limit=5");
        }
        return reading.read();
    }

    private long span() throws Invalid {
        var token = tokens.next();
        long millis = token.kind() == Kind.SPAN ? Durations.read(token.text()) : -1;
        if (millis < 1) {
            throw new Invalid(token, "a duration such as 30s, 5m, 1h or 1d is expected, not " + token.shown());
        }
        return millis;
    }

    private void table(List<String> columns) throws Invalid {
        var seen = new HashSet<String>();
        for (var column : columns) {
            if (!seen.add(column)) {
                throw new Invalid(
                        tokens.position(), "two columns would be called '" + column + "'; name one of them with 'as'");
            }
        }
        scope.table(columns);
    }

    private List<Measured> measures(String after) throws Invalid {
        var measures = new ArrayList<Measured>();
        do {
            measures.add(measure(after));
            if (measures.size() > MAX_MEASURES) {
                throw new Invalid(tokens.position(), "at most " + MAX_MEASURES + " measures are taken");
            }
        } while (tokens.taken(Kind.COMMA));
        return measures;
    }

    private Measured measure(String after) throws Invalid {
        var word = tokens.next();
        if (word.kind() != Kind.NAME || word.quoted()) {
            throw new Invalid(
                    word,
                    "a measure is expected after '" + after + "', not " + word.shown() + ": "
                            + String.join(", ", WORDS));
        }
        var text = word.text().toLowerCase(Locale.ROOT);
        var percentile = PERCENTILE.matcher(text);
        double part = percentile.matches() ? Double.parseDouble(percentile.group(1)) : text.equals("median") ? 50 : 0;
        var aggregation = part > 0 ? Aggregation.PERC : aggregation(text, word);
        String name = null;
        if (tokens.taken(Kind.OPEN)) {
            if (aggregation != Aggregation.COUNT || tokens.peek().kind() != Kind.CLOSE) {
                name = name(text + "(");
            }
            if (aggregation == Aggregation.PERC && part == 0) {
                part = part();
            }
            if (!tokens.taken(Kind.CLOSE)) {
                throw new Invalid(
                        tokens.peek(), "a ) is expected, not " + tokens.peek().shown());
            }
        } else if (aggregation != Aggregation.COUNT) {
            throw new Invalid(word, "'" + text + "' measures a field: " + text + "(field)");
        }
        var column = tokens.taken("as") ? fresh() : Measured.column(aggregation, name, part);
        return new Measured(aggregation, name, part, column);
    }

    private static Aggregation aggregation(String text, Token word) throws Invalid {
        for (var aggregation : Aggregation.values()) {
            if (aggregation.word().equals(text)) {
                return aggregation;
            }
        }
        throw new Invalid(
                word,
                "'" + text + "' is no measure" + Suggestion.among(text, WORDS.toArray(String[]::new)) + "; there are "
                        + String.join(", ", WORDS));
    }

    private double part() throws Invalid {
        if (!tokens.taken(Kind.COMMA)) {
            throw new Invalid(tokens.peek(), "a comma and a percentile are expected: perc(field, 95)");
        }
        var token = tokens.next();
        double part = token.kind() == Kind.NUMBER ? Double.parseDouble(token.text()) : 0;
        if (part <= 0 || part >= 100) {
            throw new Invalid(token, "a percentile is above 0 and below 100, not " + token.shown());
        }
        return part;
    }

    private Stage.Key key() throws Invalid {
        var token = tokens.next();
        if (!token.is("span")) {
            tokens.back(token);
            return new Stage.ByField(name("by"));
        }
        if (!tokens.taken(Kind.OPEN)) {
            tokens.back(token);
            return new Stage.ByField(name("by"));
        }
        var name = name("span(");
        if (!tokens.taken(Kind.COMMA)) {
            throw new Invalid(tokens.peek(), "a comma and a duration are expected: span(" + name + ", 1h)");
        }
        long millis = span();
        if (!tokens.taken(Kind.CLOSE)) {
            throw new Invalid(tokens.peek(), "a ) is expected: span(" + name + ", 1h)");
        }
        return new Stage.BySpan(name, millis);
    }

    private String fresh() throws Invalid {
        var token = tokens.next();
        if (token.kind() != Kind.NAME || !token.quoted() && !Tokens.isPlain(token.text())) {
            throw new Invalid(token, "a name is expected after 'as', not " + token.shown());
        }
        return token.text();
    }

    /** A name that the stages before have left. */
    String name(String after) throws Invalid {
        var token = tokens.next();
        if (token.kind() != Kind.NAME || !token.quoted() && !Tokens.isPlain(token.text())) {
            throw new Invalid(token, "a field is expected after '" + after + "', not " + token.shown());
        }
        var fault = scope.fault(token.text());
        if (fault != null) {
            throw new Invalid(token, fault);
        }
        return token.text();
    }
}
