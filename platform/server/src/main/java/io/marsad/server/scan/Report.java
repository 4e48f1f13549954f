package io.marsad.server.scan;

import io.marsad.ingest.scan.ScanResult;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what a scan found. Thread-safe. */
public interface Report {
    /** Writes all of it; does not close what it writes to. */
    void write(ScanResult result, Appendable out) throws IOException;

    /** The report with that name: table, ndjson, csv or html; null when there is none. */
    static @Nullable Report of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "table" -> new TableReport();
            case "ndjson" -> new NdjsonReport();
            case "csv" -> new CsvReport();
            case "html" -> new HtmlReport();
            default -> null;
        };
    }
}
