package io.marsad.store.query;

import io.marsad.kernel.predicate.Predicate.OfSource;
import io.marsad.store.query.Lexer.Kind;
import io.marsad.store.query.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Log sources in a query: {@code logsource = windows/process_creation/*}. Product, category and service stand with slashes
 * between them, as a rule's {@code logsource} names them; {@code *} is any. Of two parts, as events show their source, the
 * second may be either.
 */
final class Sources {
    /** What stands where a field's name does. In backticks it is a field. */
    static final String NAME = "logsource";

    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9_.\\-]{0,127}");
    private static final int PARTS = 3;

    private Sources() {}

    static boolean asked(Token name) {
        return name.kind() == Kind.WORD && name.text().equalsIgnoreCase(NAME);
    }

    /** @throws Invalid when one of them is no log source */
    static Expression read(List<Token> values) throws Invalid {
        var sources = new ArrayList<OfSource>();
        for (var value : values) {
            var parts = value.text().toLowerCase(java.util.Locale.ROOT).split("/", -1);
            if (parts.length > PARTS) {
                throw new Invalid(value, "a log source is product/category/service, such as windows/process_creation");
            }
            var product = part(value, parts, 0);
            var second = part(value, parts, 1);
            if (parts.length == 2 && second != null) {
                sources.add(new OfSource(product, second, null));
                sources.add(new OfSource(product, null, second));
            } else {
                sources.add(new OfSource(product, second, part(value, parts, 2)));
            }
        }
        return new Expression.OfSources(sources);
    }

    private static @Nullable String part(Token value, String[] parts, int at) throws Invalid {
        if (at >= parts.length || parts[at].isEmpty() || parts[at].equals("*")) {
            return null;
        }
        if (!PART.matcher(parts[at]).matches()) {
            throw new Invalid(value, "'" + parts[at] + "' is no part of a log source; * stands for any");
        }
        return parts[at];
    }

    static String written(OfSource source) {
        var text = new StringBuilder(source.product() == null ? "*" : source.product());
        if (source.category() != null || source.service() != null) {
            text.append('/').append(source.category() == null ? "*" : source.category());
            text.append('/').append(source.service() == null ? "*" : source.service());
        }
        return text.toString();
    }
}
