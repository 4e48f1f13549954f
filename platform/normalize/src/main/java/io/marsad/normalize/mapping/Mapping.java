package io.marsad.normalize.mapping;

import com.google.re2j.Pattern;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.ocsf.EventClass;
import io.marsad.normalize.format.RecordFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping file as it was read and checked: which records it is for, and the kinds of events among them; the last kind
 * takes whatever no other does.
 *
 * @param select tests that a record has to pass; the more there are, the earlier the mapping is asked
 * @param absent values by which the source says that there is none, e.g. {@code -}
 * @param time native names whose value may be the event's time; the first that reads as one is
 */
record Mapping(
        String name,
        String file,
        List<RecordFormat> formats,
        List<Test> select,
        List<String> absent,
        List<String> time,
        List<Kind> kinds) {

    /**
     * A kind of event.
     *
     * @param natives all names that such records have, {@code *} in them standing for anything; null when not known
     * @param own what has an attribute's name goes there; null when records are not OCSF's already
     * @param extract patterns of which one has to be found in a value; its groups become values of their own
     * @param constants slots with the value that each event has there
     * @param moves native names with the slots that their values go to, instead of to {@code unmapped}
     */
    record Kind(
            int line,
            EventClass eventClass,
            LogSource source,
            @Nullable List<String> natives,
            @Nullable OwnNames own,
            List<Test> when,
            List<Extract> extract,
            Choice activity,
            Choice severity,
            Map<Slot, String> constants,
            Map<String, List<Slot>> moves,
            List<Derive> derives) {}

    /** The slot of an OCSF path in a class, or null when it has none there. */
    @FunctionalInterface
    interface OwnNames {
        @Nullable
        Slot slot(String path);
    }

    /** A test of the values under the first of the native names that has any; one value that passes is enough. */
    record Test(List<String> names, Relation relation, List<String> values) {
        /** How the value has to relate to one of the values. */
        enum Relation {
            EQUALS,
            STARTS,
            ENDS,
            CONTAINS,
            /** No value is needed: it has to be there. */
            PRESENT,
            /** It must not be there. */
            ABSENT
        }
    }

    /** A linear-time pattern; {@code literals}: one of them has to be in the value, or the pattern is not tried. */
    record Extract(String from, List<String> literals, Pattern pattern, List<String> groups) {}

    /** A number: fixed, or looked up by a native value; {@code captions} of all that it may be. */
    record Choice(int fixed, @Nullable String from, Map<String, String> table, Map<String, String> captions) {}

    /**
     * A typed operation that adds slots; what it reads stays where it is.
     *
     * @param from native names; those that are absent are passed over
     * @param to the slots, as the operation wants them
     * @param on what is split, cut or joined at
     * @param other the value when the table has no such key
     * @param fallback the value when nothing came of what there was to read
     */
    record Derive(
            Operation by,
            List<String> from,
            List<Slot> to,
            String on,
            Map<String, String> table,
            @Nullable Pattern pattern,
            @Nullable String other,
            @Nullable String fallback) {}

    /** What can be derived. {@code parts}: attributes below the target that the operation fills. */
    enum Operation {
        /** As it is. */
        COPY,
        LOWER,
        /** Without blanks at its start and end. */
        TRIM,
        /** As it is, but of several values the last only. */
        LAST,
        /** The last step of a path, with either slash. */
        BASENAME,
        /** A path without its last step. */
        PARENT,
        /** {@code 0x1a4} as 420; decimal stays. */
        HEX,
        /** Up to the first {@code on}; all of it when there is none. */
        BEFORE,
        /** Behind the first {@code on}; nothing when there is none. */
        AFTER,
        /** Each part between {@code on}, blanks trimmed. */
        SPLIT,
        /** The values of all names, joined by {@code on}. */
        CONCAT,
        /** Epoch milliseconds of any time format that {@link TimeText} knows. */
        TIME,
        /** What the table has for it. */
        TABLE,
        /** The pattern's first group, or all that it matched, of each value that it is found in. */
        MATCH,
        /** {@code DOMAIN\name}. */
        DOMAIN_USER("domain", "name"),
        /** {@code ALG=hex,ALG=hex}, or a lone hash. */
        HASHES("algorithm_id", "value"),
        /** {@code ALG=hex,ALG=hex} of the first name's OCSF numbers of algorithms and the second's values. */
        HASH_TEXT,
        /** An address or a host's name. */
        HOST("ip", "hostname"),
        /** An absolute URL. */
        URL("url_string", "scheme", "hostname", "port", "path", "query_string");

        private final List<String> parts;

        Operation(String... parts) {
            this.parts = List.of(parts);
        }

        List<String> parts() {
            return parts;
        }
    }
}
