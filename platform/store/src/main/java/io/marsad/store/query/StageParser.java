package io.marsad.store.query;

import io.marsad.kernel.content.Suggestion;
import io.marsad.store.query.Tokens.Kind;
import io.marsad.store.query.Tokens.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one stage, whose name comes next; knows which names the stages before have left. */
final class StageParser {
    /** The names of stages. */
    static final List<String> STAGES = List.of(
            "where",
            "stats",
            "timechart",
            "top",
            "rare",
            "sort",
            "head",
            "tail",
            "fields",
            "dedup",
            "eval",
            "rename",
            "lookup");

    /** How a stage is written, for people. */
    static String usage(String stage) {
        return switch (stage) {
            case "where" -> "where condition";
            case "stats" -> "stats count, dc(field) … by field, span(time, 1h)";
            case "timechart" -> "timechart span=1h count by field";
            case "top", "rare" -> stage + " 10 field by field";
            case "sort" -> "sort -count, name";
            case "head", "tail" -> stage + " 10";
            case "fields" -> "fields a, b or fields - a, b";
            case "dedup" -> "dedup field";
            case "eval" -> "eval name = value";
            case "rename" -> "rename old as new";
            default -> "lookup list on field output column as name";
        };
    }

    /** What others call them. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("search", "where"),
            Map.entry("filter", "where"),
            Map.entry("table", "fields"),
            Map.entry("project", "fields"),
            Map.entry("keep", "fields"),
            Map.entry("drop", "fields - …"),
            Map.entry("select", "fields"),
            Map.entry("limit", "head"),
            Map.entry("take", "head"),
            Map.entry("order", "sort"),
            Map.entry("summarize", "stats"),
            Map.entry("aggregate", "stats"),
            Map.entry("extend", "eval"),
            Map.entry("distinct", "dedup"),
            Map.entry("uniq", "dedup"),
            Map.entry("enrich", "lookup"),
            Map.entry("join", "lookup"),
            Map.entry("count", "stats count"));

    static final int MAX_ROWS = 10_000;
    private static final int MAX_LIST = 50;

    private final Tokens tokens;
    private final Scope scope;
    private final Parser filters;
    private final ValueParser values;
    private final MeasureParser measures;

    StageParser(Tokens tokens, Scope scope, Parser filters) {
        this.tokens = tokens;
        this.scope = scope;
        this.filters = filters;
        this.values = new ValueParser(tokens, scope);
        this.measures = new MeasureParser(tokens, scope);
    }

    Stage parse() throws Invalid {
        var name = tokens.next();
        if (name.kind() != Kind.NAME || name.quoted()) {
            throw new Invalid(
                    name, "a stage is expected behind |, not " + name.shown() + ": " + String.join(", ", STAGES));
        }
        return switch (name.text().toLowerCase(Locale.ROOT)) {
            case "where" -> where();
            case "stats" -> measures.stats();
            case "timechart" -> measures.timechart();
            case "top" -> frequent(false);
            case "rare" -> frequent(true);
            case "sort" -> sort();
            case "head" -> new Stage.Head(rows());
            case "tail" -> new Stage.Tail(rows());
            case "fields" -> fields();
            case "dedup" -> new Stage.Dedup(names("dedup"));
            case "eval" -> eval();
            case "rename" -> rename();
            case "lookup" -> lookup();
            default -> throw unknown(name);
        };
    }

    private static Invalid unknown(Token name) {
        var elsewhere = ELSEWHERE.get(name.text().toLowerCase(Locale.ROOT));
        var hint = elsewhere == null
                ? Suggestion.among(name.text().toLowerCase(Locale.ROOT), STAGES.toArray(String[]::new))
                : " (here it is '" + elsewhere + "')";
        return new Invalid(
                name, "there is no stage " + name.shown() + hint + "; there are " + String.join(", ", STAGES));
    }

    private Stage where() throws Invalid {
        var first = tokens.peek();
        if (first.kind() == Kind.END || first.kind() == Kind.PIPE) {
            throw new Invalid(first, "a condition is expected after 'where', such as where count > 10");
        }
        filters.seek(tokens.position());
        var condition = filters.filter(scope);
        tokens.seek(filters.position());
        return new Stage.Where(condition);
    }

    private Stage frequent(boolean rare) throws Invalid {
        var word = rare ? "rare" : "top";
        int most = tokens.peek().kind() == Kind.NUMBER ? rows() : 10;
        var fields = names(word);
        var by = tokens.taken("by") ? names("by") : List.<String>of();
        var columns = new ArrayList<>(by);
        columns.addAll(fields);
        columns.add("count");
        columns.add("percent");
        distinct(columns);
        scope.table(columns);
        return new Stage.Frequent(rare, most, fields, by);
    }

    private void distinct(List<String> columns) throws Invalid {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.subList(0, i).contains(columns.get(i))) {
                throw new Invalid(tokens.position(), "two columns would be called '" + columns.get(i) + "'");
            }
        }
    }

    /** How many rows, 10 when nothing is said. */
    private int rows() throws Invalid {
        var token = tokens.next();
        if (token.kind() == Kind.END || token.kind() == Kind.PIPE) {
            tokens.back(token);
            return 10;
        }
        int rows = whole(token);
        if (rows < 1 || rows > MAX_ROWS) {
            throw new Invalid(token, "a number of rows from 1 to " + MAX_ROWS + " is expected, not " + token.shown());
        }
        return rows;
    }

    static int whole(Token token) {
        boolean whole = token.kind() == Kind.NUMBER
                && token.text().length() < 10
                && token.text().chars().allMatch(c -> c >= '0' && c <= '9');
        return whole ? Integer.parseInt(token.text()) : -1;
    }

    private Stage sort() throws Invalid {
        var orders = new ArrayList<Stage.Order>();
        do {
            boolean descending = tokens.takenSign("-");
            if (!descending) {
                tokens.takenSign("+");
            }
            orders.add(new Stage.Order(name("sort"), descending));
            limit(orders, "sort");
        } while (tokens.taken(Kind.COMMA));
        return new Stage.Sort(orders);
    }

    private Stage fields() throws Invalid {
        boolean drop = tokens.takenSign("-");
        if (!drop) {
            tokens.takenSign("+");
        }
        var names = names("fields");
        if (drop) {
            names.forEach(scope::drop);
            if (scope.isTable() && scope.names().isEmpty() && !scope.has("")) {
                throw new Invalid(tokens.position(), "no column would be left");
            }
        } else {
            distinct(names);
            scope.table(names);
        }
        return new Stage.Fields(drop, names);
    }

    private Stage eval() throws Invalid {
        var assignments = new ArrayList<Stage.Assignment>();
        do {
            var name = fresh("eval");
            var sign = tokens.next();
            if (!sign.isSign("=")) {
                throw new Invalid(sign, "'=' and a value are expected after '" + name + "', not " + sign.shown());
            }
            assignments.add(new Stage.Assignment(name, values.parse()));
            scope.add(name);
            limit(assignments, "eval");
        } while (tokens.taken(Kind.COMMA));
        return new Stage.Eval(assignments);
    }

    private Stage rename() throws Invalid {
        var renamings = new ArrayList<Stage.Renaming>();
        do {
            var from = name("rename");
            if (!tokens.taken("as")) {
                throw new Invalid(tokens.peek(), "'as' and the new name are expected after '" + from + "'");
            }
            var to = fresh("as");
            renamings.add(new Stage.Renaming(from, to));
            scope.rename(from, to);
            limit(renamings, "rename");
        } while (tokens.taken(Kind.COMMA));
        return new Stage.Rename(renamings);
    }

    private Stage lookup() throws Invalid {
        var list = tokens.next();
        if (list.kind() != Kind.NAME) {
            throw new Invalid(list, "the name of a list is expected after 'lookup', not " + list.shown());
        }
        if (!tokens.taken("on")) {
            throw new Invalid(tokens.peek(), "'on' and a field are expected: lookup " + list.text() + " on host");
        }
        var on = name("on");
        var output = new ArrayList<Stage.Renaming>();
        if (tokens.taken("output")) {
            do {
                var from = fresh("output");
                var to = tokens.taken("as") ? fresh("as") : from;
                output.add(new Stage.Renaming(from, to));
                scope.add(to);
                limit(output, "output");
            } while (tokens.taken(Kind.COMMA));
            distinct(output.stream().map(Stage.Renaming::to).toList());
        } else {
            scope.unknownFrom();
        }
        return new Stage.Lookup(list.text(), on, output);
    }

    private void limit(List<?> items, String word) throws Invalid {
        if (items.size() > MAX_LIST) {
            throw new Invalid(tokens.position(), "'" + word + "' takes at most " + MAX_LIST + " items");
        }
    }

    private List<String> names(String after) throws Invalid {
        var names = new ArrayList<String>();
        var seen = new HashSet<String>();
        do {
            var token = tokens.peek();
            var name = name(after);
            if (!seen.add(name)) {
                throw new Invalid(token, "'" + name + "' is there twice");
            }
            names.add(name);
            limit(names, after);
        } while (tokens.taken(Kind.COMMA));
        return names;
    }

    private String name(String after) throws Invalid {
        return measures.name(after);
    }

    /** A name that need not be there yet. */
    private String fresh(String after) throws Invalid {
        var token = tokens.next();
        if (token.kind() != Kind.NAME || !token.quoted() && !Tokens.isPlain(token.text())) {
            throw new Invalid(token, "a name is expected after '" + after + "', not " + token.shown());
        }
        if (scope.names().size() >= Scope.MAX_COLUMNS) {
            throw new Invalid(token, "there are at most " + Scope.MAX_COLUMNS + " columns");
        }
        return token.text();
    }
}
