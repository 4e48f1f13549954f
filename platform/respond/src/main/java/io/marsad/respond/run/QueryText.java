package io.marsad.respond.run;

import io.marsad.respond.variable.Template;
import java.util.function.UnaryOperator;

/**
 * Puts values into a question of the search language (MQL): each stays one text to be compared with, whatever it says. In
 * quotes it is escaped by the rules of these quotes, outside it gets its own.
 */
final class QueryText {
    private QueryText() {}

    static String fill(String query, UnaryOperator<String> value) {
        var text = new StringBuilder();
        char quote = 0;
        for (var part : Template.of(query).parts()) {
            switch (part) {
                case Template.Part.Text piece -> {
                    text.append(piece.text());
                    quote = quoteAfter(piece.text(), quote);
                }
                case Template.Part.Reference reference -> {
                    var is = value.apply(reference.name());
                    text.append(
                            switch (quote) {
                                case '"' -> is.replaceAll("([\\\\\"*?])", "\\\\$1");
                                case '\'' -> is.replace("'", "''");
                                default -> "'" + is.replace("'", "''") + "'";
                            });
                }
            }
        }
        return text.toString();
    }

    /** The quote that is open at the end of the text; 0 for none. */
    private static char quoteAfter(String text, char before) {
        char quote = before;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == '"' && c == '\\') {
                i++;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
        }
        return quote;
    }
}
