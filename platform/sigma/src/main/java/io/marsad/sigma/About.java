package io.marsad.sigma;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a document says about itself (rules specification 2.1.0, keys beside logsource and detection).
 *
 * @param id a UUID; derived from the title where the document has none
 * @param name what correlations may call it, unique
 * @param level medium where the document has none
 * @param description empty when there is none; so are author, license, date and modified
 * @param taxonomy whose field names it uses, {@code sigma} unless it says otherwise
 * @param source the document's own text
 * @param file as the user named it
 * @param line where the document starts, from 1
 */
public record About(
        String id,
        @Nullable String name,
        String title,
        Level level,
        Status status,
        String description,
        String author,
        String license,
        String date,
        String modified,
        List<String> references,
        List<String> tags,
        List<String> falsePositives,
        List<Related> related,
        String taxonomy,
        String source,
        String file,
        int line) {
    public About {
        references = List.copyOf(references);
        tags = List.copyOf(tags);
        falsePositives = List.copyOf(falsePositives);
        related = List.copyOf(related);
    }

    /** Another rule, and how it relates: derived, obsolete, merged, renamed or similar. */
    public record Related(String id, String type) {}
}
