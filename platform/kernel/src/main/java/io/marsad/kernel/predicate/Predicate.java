package io.marsad.kernel.predicate;

import io.marsad.kernel.event.Field;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question about one event, answered yes or no. Sigma selections, search filters and suppressions all become this
 * tree, and everything that answers (the stream's matcher, the store's search) answers from it, so that they agree.
 *
 * <p>Two-valued: a test of an absent field is false, so its negation is true. A field with several values passes when
 * any of them does. Text compares over the whole value, without regard to case (Unicode simple folding) unless
 * {@code cased}; numbers and booleans compare as their text.
 */
public sealed interface Predicate {
    /** Stands for every value of the event and its raw record: what keywords and free text are searched in. */
    Field ANYWHERE = Field.of("*");

    /**
     * Stands for every value of the event without its raw record, in which field names would be found too, and without
     * {@link #KIND}: what the keywords of Sigma are searched in.
     */
    Field VALUES = Field.of("*values");

    /**
     * What the platform says of an event's kind, whatever the record holds: OCSF's classification, the product and system
     * that a mapping is for, labels. A log source asks for the kind; keywords ask for words of the record.
     */
    Set<Field> KIND = Set.of(
            Field.of("class_uid"),
            Field.of("category_uid"),
            Field.of("type_uid"),
            Field.of("activity_id"),
            Field.of("activity_name"),
            Field.of("severity_id"),
            Field.of("metadata.product.name"),
            Field.of("metadata.product.vendor_name"),
            Field.of("metadata.product.version"),
            Field.of("metadata.labels"),
            Field.of("device.os.name"),
            Field.of("device.os.type_id"));

    /** True when all are; true when there are none. */
    record And(List<Predicate> all) implements Predicate {
        public And {
            all = List.copyOf(all);
        }
    }

    /** True when any is; false when there are none. */
    record Or(List<Predicate> any) implements Predicate {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Predicate of) implements Predicate {}

    /** The value as text fits the pattern. */
    record Text(Field field, Glob glob, boolean cased) implements Predicate {}

    /** The pattern is found anywhere in the value; case counts unless the flag says otherwise. */
    record Regex(Field field, String pattern, Set<Flag> flags) implements Predicate {
        public Regex {
            flags = Set.copyOf(flags);
        }

        /** The i, m and s of regular expressions. */
        public enum Flag {
            IGNORE_CASE,
            MULTILINE,
            DOTALL
        }
    }

    /** The value is an address inside the network ({@code 10.0.0.0/8}, {@code fe80::/10}). */
    record Cidr(Field field, String network) implements Predicate {}

    /** The value reads as a number and compares so. */
    record Number(Field field, Comparison comparison, double value) implements Predicate {}

    /** A part of the date in the field compares so; no time zone conversion. */
    record DatePart(Field field, Unit unit, Comparison comparison, int value) implements Predicate {
        /** Minute 0-59, hour 0-23, day 1-31, ISO week 1-53, month 1-12, year. */
        public enum Unit {
            MINUTE,
            HOUR,
            DAY,
            WEEK,
            MONTH,
            YEAR
        }
    }

    /** The field is there, whatever its value, null included. */
    record Exists(Field field) implements Predicate {}

    /** The field is absent or null. */
    record IsNull(Field field) implements Predicate {}

    /**
     * The event is from such a log, in Sigma's words: what a rule's {@code logsource} asks. Null asks for nothing.
     */
    record OfSource(
            @Nullable String product,
            @Nullable String category,
            @Nullable String service) implements Predicate {}

    /** The value relates to another field's value, without regard to case; false when either is absent. */
    record FieldRef(Field field, Field other, Relation relation) implements Predicate {
        public enum Relation {
            EQUALS,
            STARTS_WITH,
            ENDS_WITH,
            CONTAINS
        }
    }

    /** How numbers compare. */
    enum Comparison {
        EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        public boolean holds(double left, double right) {
            return switch (this) {
                case EQUAL -> left == right;
                case LESS -> left < right;
                case LESS_OR_EQUAL -> left <= right;
                case GREATER -> left > right;
                case GREATER_OR_EQUAL -> left >= right;
            };
        }
    }

    Predicate EVERYTHING = new And(List.of());
    Predicate NOTHING = new Or(List.of());

    static Predicate and(List<Predicate> all) {
        return all.size() == 1 ? all.getFirst() : new And(all);
    }

    static Predicate or(List<Predicate> any) {
        return any.size() == 1 ? any.getFirst() : new Or(any);
    }
}
