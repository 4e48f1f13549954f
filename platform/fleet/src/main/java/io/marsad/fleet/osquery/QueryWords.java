package io.marsad.fleet.osquery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The words of a query in SQLite's language, without comments, texts and numbers: enough to say which tables it reads.
 *
 * @param words in lower case; other signs are words of one character each
 * @param fault why it is no query at all; empty: it may be one
 */
record QueryWords(List<String> words, String fault) {
    private static final Set<String> ENDS_A_LIST = Set.of(
            "where", "group", "order", "limit", "having", "union", "except", "intersect", "on", "using", "window");
    private static final Set<String> LEADS_ON =
            Set.of("join", "inner", "left", "right", "full", "cross", "outer", "natural");

    QueryWords {
        words = List.copyOf(words);
    }

    static QueryWords of(String sql) {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int end;
            if (sql.startsWith("--", at)) {
                end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                end = sql.indexOf("*/", at + 2);
                if (end < 0) {
                    return new QueryWords(words, "a comment does not end");
                }
                at = end + 2;
            } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
                end = closing(sql, at);
                if (end < 0) {
                    return new QueryWords(words, "a text that begins with " + c + " does not end");
                }
                // A name may stand in quotes; a text is no name.
                words.add(c == '\'' ? "''" : sql.substring(at + 1, end).toLowerCase(Locale.ROOT));
                at = end + 1;
            } else if (Character.isLetter(c) || c == '_') {
                end = at;
                while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
                    end++;
                }
                words.add(sql.substring(at, end).toLowerCase(Locale.ROOT));
                at = end;
            } else {
                if (!Character.isWhitespace(c)) {
                    words.add(String.valueOf(c));
                }
                at++;
            }
        }
        return new QueryWords(words, fault(words));
    }

    private static int closing(String sql, int at) {
        char close = sql.charAt(at) == '[' ? ']' : sql.charAt(at);
        for (int end = at + 1; end < sql.length(); end++) {
            if (sql.charAt(end) == close) {
                if (close != ']' && end + 1 < sql.length() && sql.charAt(end + 1) == close) {
                    end++; // doubled: it stands for itself
                } else {
                    return end;
                }
            }
        }
        return -1;
    }

    private static String fault(List<String> words) {
        int depth = 0;
        for (var word : words) {
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if (depth < 0) {
                break;
            }
        }
        if (depth != 0) {
            return "parentheses do not fit each other";
        }
        int semicolon = words.indexOf(";");
        if (semicolon >= 0 && semicolon < words.size() - 1) {
            return "it is more than one statement";
        }
        if (words.isEmpty()
                || !words.getFirst().equals("select") && !words.getFirst().equals("with")) {
            return "it has to begin with SELECT or WITH";
        }
        return "";
    }

    /** The tables that it reads; those that it makes itself (WITH) and functions are none. */
    Set<String> tables() {
        var own = new HashSet<String>();
        for (int i = 0; i + 2 < words.size(); i++) {
            // name AS ( or name(columns) AS (
            if (words.get(i + 1).equals("as") && words.get(i + 2).equals("(")) {
                own.add(words.get(i).equals(")") ? words.get(opening(i) - 1) : words.get(i));
            }
        }
        var found = new HashSet<String>();
        boolean expected = false; // a table's name comes next
        boolean list = false; // between FROM and what ends its list
        int depth = 0;
        int depthOfList = 0;
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            depth += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
            if (word.equals("from") || word.equals("join")) {
                expected = true;
                list = true;
                depthOfList = depth;
            } else if (depth < depthOfList || ENDS_A_LIST.contains(word)) {
                expected = false;
                list = depth < depthOfList && list;
                list &= !ENDS_A_LIST.contains(word);
                depthOfList = Math.min(depth, depthOfList);
            } else if (list && depth == depthOfList && (word.equals(",") || LEADS_ON.contains(word))) {
                expected = true;
            } else if (word.equals("select")) {
                expected = false; // a query stands where a table may
            } else if (expected && isName(word)) {
                expected = false;
                boolean function = i + 1 < words.size() && words.get(i + 1).equals("(");
                if (!function && !own.contains(word)) {
                    found.add(word);
                }
            }
        }
        return found;
    }

    private int opening(int close) {
        int depth = 0;
        for (int i = close; i > 0; i--) {
            depth += words.get(i).equals(")") ? 1 : words.get(i).equals("(") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return 1;
    }

    private static boolean isName(String word) {
        char first = word.isEmpty() ? ' ' : word.charAt(0);
        return Character.isLetter(first) || first == '_';
    }

    /** Whether a column is spoken of where rows are chosen. */
    boolean chooses(String column) {
        int from = words.size();
        for (var word : List.of("where", "on", "using")) {
            int at = words.indexOf(word);
            from = at >= 0 ? Math.min(from, at) : from;
        }
        return words.subList(from, words.size()).contains(column);
    }
}
