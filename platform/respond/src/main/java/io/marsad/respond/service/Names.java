package io.marsad.respond.service;

import io.marsad.respond.durable.Turn;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people call whoever the audit names; those that are not known stay as they are. Immutable. */
final class Names {
    private static final Pattern SUBJECT = Pattern.compile(
            "(?:user|token):([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})");

    private final Map<UUID, String> names;

    private Names(Map<UUID, String> names) {
        this.names = names;
    }

    /** Of everybody whom one of the texts names; one query. */
    static Names of(Turn turn, Collection<? extends @Nullable String> texts) throws SQLException {
        var ids = new LinkedHashSet<UUID>();
        for (var text : texts) {
            if (text != null) {
                SUBJECT.matcher(text).results().forEach(found -> ids.add(UUID.fromString(found.group(1))));
            }
        }
        Map<UUID, String> names = new HashMap<>();
        if (ids.isEmpty()) {
            return new Names(names);
        }
        try (var select = turn.connection()
                .prepareStatement(
                        "SELECT user_id, username FROM users WHERE tenant_id = ? AND user_id = ANY (?)"
                                + " UNION ALL SELECT token_id, name FROM api_tokens WHERE tenant_id = ? AND token_id = ANY (?)")) {
            var all = turn.connection().createArrayOf("uuid", ids.toArray());
            select.setString(1, turn.tenant().value());
            select.setArray(2, all);
            select.setString(3, turn.tenant().value());
            select.setArray(4, all);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    names.put(rows.getObject(1, UUID.class), rows.getString(2));
                }
            }
        }
        return new Names(names);
    }

    /** The text with names in it. */
    String in(String text) {
        return SUBJECT.matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(names.getOrDefault(UUID.fromString(found.group(1)), found.group())));
    }

    @Nullable
    String orNull(@Nullable String text) {
        return text == null ? null : in(text);
    }
}
