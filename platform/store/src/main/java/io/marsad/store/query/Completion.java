package io.marsad.store.query;

import io.marsad.kernel.problem.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what may stand at the cursor of a query that is being written, and so may be wrong anywhere. */
public final class Completion {
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:\\\\.|[^\"\\\\])*\"|'(?:[^']|'')*'|`(?:[^`]|``)*`|[=<>!~]+|[(),|]|:|[^\\s\"'`=<>!~(),|:]+");
    private static final Set<String> SIGNS = Set.of("=", "!=", "==", "!==", "<", "<=", ">", ">=", "~", "!~", ":");
    private static final List<String> OPERATORS = List.of(
            "=",
            "!=",
            "contains",
            "startswith",
            "endswith",
            "in (",
            "like",
            "~",
            "<",
            "<=",
            ">",
            ">=",
            "exists",
            "between");

    private Completion() {}

    /** What kind of thing a candidate is. */
    public enum Kind {
        STAGE,
        FIELD,
        OPERATOR,
        VALUE,
        FUNCTION,
        KEYWORD,
        LIST;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param text as it is to be put in */
    public record Candidate(String text, Kind kind, String detail) {}

    /**
     * A place in a query.
     *
     * @param start where the word begins that is being written
     * @param end where it ends: the cursor
     * @param prefix the word so far, without an opening quote
     * @param candidates what the language itself has for here, that fits the prefix
     * @param wantsFields fields of events may stand here
     * @param field whose values may stand here, or null
     * @param wantsLists names of lists may stand here
     */
    public record Place(
            int start,
            int end,
            String prefix,
            List<Candidate> candidates,
            boolean wantsFields,
            @Nullable String field,
            boolean wantsLists) {
        public Place {
            candidates = List.copyOf(candidates);
        }

        /** Does the text have what was written so far in it? */
        public boolean fits(String text) {
            return text.toLowerCase(Locale.ROOT).contains(prefix.toLowerCase(Locale.ROOT));
        }

        public boolean begins(String text) {
            return text.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT));
        }

        public String quotedName(String name) {
            return Tokens.isPlain(name) ? name : '`' + name.replace("`", "``") + '`';
        }

        public String quotedValue(String value) {
            return Printer.value(value);
        }
    }

    /** @param position characters before the cursor, at most the text's length */
    public static Place at(String text, int position) {
        var before = text.substring(0, position);
        int start = wordStart(before);
        var word = before.substring(start);
        var prefix = word.isEmpty() || "\"'`".indexOf(word.charAt(0)) < 0 ? word : word.substring(1);
        var tokens = tokens(before.substring(0, start));
        int pipe = tokens.lastIndexOf("|");
        var stage = tokens.subList(pipe + 1, tokens.size());
        var guess = new Guess(columns(before.substring(0, start), pipe >= 0));
        if (pipe < 0) {
            guess.filter(stage, true);
        } else if (stage.isEmpty()) {
            guess.stages();
        } else {
            guess.stage(stage.getFirst().toLowerCase(Locale.ROOT), stage.subList(1, stage.size()));
        }
        var place = new Place(start, position, prefix, List.of(), guess.fields, guess.field, guess.lists);
        var fitting = guess.found.stream()
                .filter(candidate -> place.fits(candidate.text()))
                .sorted((a, b) -> Boolean.compare(place.begins(b.text()), place.begins(a.text())))
                .toList();
        return new Place(start, position, prefix, fitting, guess.fields, guess.field, guess.lists);
    }

    private static List<String> tokens(String text) {
        return TOKEN.matcher(text).results().map(result -> result.group()).toList();
    }

    /** Where the word before the cursor begins: at an open quote, or behind what ends words. */
    private static int wordStart(String before) {
        int open = -1;
        for (int i = 0; i < before.length(); i++) {
            char c = before.charAt(i);
            if (open >= 0 && c == before.charAt(open)) {
                open = -1;
            } else if (open >= 0 && c == '\\' && before.charAt(open) == '"') {
                i++;
            } else if (open < 0 && "\"'`".indexOf(c) >= 0) {
                open = i;
            }
        }
        if (open >= 0) {
            return open;
        }
        int at = before.length();
        while (at > 0 && " \t\r\n\"'`=<>!~(),|:".indexOf(before.charAt(at - 1)) < 0) {
            at--;
        }
        while (at < before.length() && "+-".indexOf(before.charAt(at)) >= 0) {
            at++; // a sign belongs to what is before the word
        }
        return at;
    }

    /** The columns of the table before the stage, or null when there are events. */
    private static @Nullable List<String> columns(String before, boolean behindPipe) {
        int pipe = before.lastIndexOf('|');
        if (!behindPipe || pipe < 0) {
            return null;
        }
        try {
            return Query.columns(before.substring(0, pipe));
        } catch (ProblemException e) {
            return null; // what stands before is wrong or unfinished: then any field may be meant
        }
    }

    /** Collects what may stand at one place. */
    private static final class Guess {
        private final @Nullable List<String> columns;
        private final List<Candidate> found = new ArrayList<>();
        private boolean fields;
        private boolean lists;
        private @Nullable String field;

        Guess(@Nullable List<String> columns) {
            this.columns = columns;
        }

        private void keywords(String... words) {
            for (var word : words) {
                found.add(new Candidate(word, Kind.KEYWORD, ""));
            }
        }

        private void names() {
            if (columns != null) {
                columns.forEach(name -> found.add(new Candidate(
                        Tokens.isPlain(name) ? name : '`' + name.replace("`", "``") + '`', Kind.FIELD, "a column")));
                return;
            }
            fields = true;
            Names.ALIASES.keySet().stream()
                    .sorted()
                    .forEach(name ->
                            found.add(new Candidate(name, Kind.FIELD, String.join(", ", Names.ALIASES.get(name)))));
        }

        private void stages() {
            StageParser.STAGES.forEach(name -> found.add(new Candidate(name, Kind.STAGE, StageParser.usage(name))));
        }

        private void values(String name) {
            field = columns == null ? unquoted(name) : null;
            Names.captions(unquoted(name)).forEach(caption -> found.add(new Candidate(caption, Kind.VALUE, "")));
        }

        private static String unquoted(String name) {
            return name.startsWith("`") ? name.substring(1, name.length() - 1).replace("``", "`") : name;
        }

        private static boolean isOperator(String token) {
            return SIGNS.contains(token) || Parser.OPERATOR_WORDS.contains(token.toLowerCase(Locale.ROOT));
        }

        /** @param head the first filter, before any stage */
        private void filter(List<String> tokens, boolean head) {
            int n = tokens.size();
            var last = n == 0 ? "" : tokens.getLast();
            var word = last.toLowerCase(Locale.ROOT);
            int list = openList(tokens);
            if (list > 0) {
                values(tokens.get(list - 1));
            } else if (n > 1 && isOperator(last) && !word.equals("exists")) {
                var subject = tokens.get(n - 2);
                values(subject.equalsIgnoreCase("not") && n > 2 ? tokens.get(n - 3) : subject);
            } else if (n == 0 || Set.of("and", "or", "not", "(").contains(word)) {
                names();
                keywords("not");
                if (head && n == 0) {
                    keywords("last 24h", "between");
                }
            } else if (afterValue(tokens)) {
                keywords("and", "or");
                names();
            } else {
                OPERATORS.forEach(operator -> found.add(new Candidate(operator, Kind.OPERATOR, "")));
                keywords("and", "or");
            }
        }

        /** Where the {@code in} of a list stands that is still open, or -1. */
        private static int openList(List<String> tokens) {
            for (int i = tokens.size() - 1; i > 0; i--) {
                if (tokens.get(i).equals(")")) {
                    return -1;
                }
                if (tokens.get(i).equals("(")) {
                    var before = tokens.get(i - 1).toLowerCase(Locale.ROOT);
                    return i > 1 && (before.equals("in") || before.equals("in_cs")) ? i - 1 : -1;
                }
            }
            return -1;
        }

        private static boolean afterValue(List<String> tokens) {
            int n = tokens.size();
            var last = tokens.getLast();
            return last.equals(")")
                    || last.startsWith("\"")
                    || last.startsWith("'")
                    || last.equalsIgnoreCase("exists")
                    || last.equalsIgnoreCase("null")
                    || n > 2 && isOperator(tokens.get(n - 2));
        }

        private void stage(String name, List<String> tokens) {
            var last = tokens.isEmpty() ? "" : tokens.getLast().toLowerCase(Locale.ROOT);
            boolean open = last.isEmpty() || last.equals(",") || last.equals("-") || last.equals("+");
            switch (name) {
                case "where" -> filter(tokens, false);
                case "stats", "timechart" -> measures(name, tokens, last);
                case "sort", "fields", "dedup", "top", "rare" -> {
                    boolean number = last.matches("[0-9]+");
                    if (open || last.equals("by") || number || last.startsWith("-")) {
                        names();
                    } else if (name.equals("top") || name.equals("rare")) {
                        keywords("by");
                    }
                }
                case "eval" -> {
                    if (!open || tokens.contains("=") && !last.equals(",") || tokens.contains("(")) {
                        computed();
                    }
                }
                case "rename" -> {
                    if (open) {
                        names();
                    } else if (!last.equals("as")) {
                        keywords("as");
                    }
                }
                case "lookup" -> {
                    lists = tokens.isEmpty();
                    if (last.equals("on")) {
                        names();
                    } else if (tokens.size() == 1) {
                        keywords("on");
                    } else if (tokens.size() == 3) {
                        keywords("output");
                    }
                }
                default -> {}
            }
        }

        private void measures(String stage, List<String> tokens, String last) {
            boolean by = tokens.stream().anyMatch("by"::equalsIgnoreCase);
            if (last.equals("(") || last.equals("by") || by && last.equals(",")) {
                names();
                if (by && !last.equals("(") && stage.equals("stats")) {
                    keywords("span(time, 1h)");
                }
            } else if (last.isEmpty() || last.equals(",")) {
                MeasureParser.WORDS.forEach(word ->
                        found.add(new Candidate(word.equals("count") ? word : word + "(", Kind.FUNCTION, "a measure")));
                if (stage.equals("timechart") && last.isEmpty()) {
                    keywords("span=1h");
                }
            } else if (!by) {
                keywords("by", "as");
            }
        }

        private void computed() {
            names();
            Arrays.stream(Function.values())
                    .forEach(function ->
                            found.add(new Candidate(function.word() + "(", Kind.FUNCTION, function.usage())));
        }
    }
}
