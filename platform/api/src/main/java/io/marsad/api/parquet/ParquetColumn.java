package io.marsad.api.parquet;

/** A column of a table; every value may be missing. */
public record ParquetColumn(String name, Kind kind) {
    /** What its values are, and in Java. */
    public enum Kind {
        /** Text ({@code String}). */
        TEXT(6),
        /** Whole numbers ({@code Long}). */
        WHOLE(2),
        /** Numbers ({@code Double}). */
        NUMBER(5),
        /** True and false ({@code Boolean}). */
        TRUTH(0),
        /** Points of time, UTC ({@code Long}, epoch milliseconds). */
        TIME(2);

        /** Physical type of the format. */
        final int type;

        Kind(int type) {
            this.type = type;
        }
    }
}
