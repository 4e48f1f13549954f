package io.marsad.respond.durable;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.cacao.PlaybookReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A playbook as somebody wrote it; one that cannot be run is a draft.
 *
 * @param hash of the canonical document: its version
 * @param modified as the document says; null: it says no time
 * @param source as it was given
 */
public record PlaybookSource(
        UUID id, String name, String hash, @Nullable Instant modified, String source, PlaybookReader.Reading reading) {
    private static final Pattern ID =
            Pattern.compile("playbook--([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})");

    /** @throws ContentException when it is no document, or has no id to keep it by */
    public static PlaybookSource of(PlaybookReader reader, String source) throws ContentException {
        var reading = reader.read("playbook", source);
        var tree = reading.text().tree();
        var id = idOf(tree);
        if (id == null) {
            throw new ContentException("playbook", 1, "a playbook is kept by its 'id', playbook-- and a UUID");
        }
        var name = tree.path("name").asString("").strip();
        return new PlaybookSource(
                id,
                name.isEmpty() ? "Playbook " + id : name.substring(0, Math.min(name.length(), 300)),
                reading.hash(),
                time(tree.path("modified").asString("")),
                source,
                reading);
    }

    /** The id that a document says; null when it says none. */
    public static @Nullable UUID idOf(JsonNode document) {
        var matcher = ID.matcher(document.path("id").asString(""));
        return matcher.matches() ? UUID.fromString(matcher.group(1)) : null;
    }

    public boolean isRunnable() {
        return reading.playbook() != null;
    }

    private static @Nullable Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null; // the finding says so
        }
    }
}
