package io.marsad.soc.intel;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Feeds of a line an indicator: comma-separated values with named columns, and plain lists.
 *
 * <p>Of the columns count: one with the indicator ({@code indicator}, {@code value}, {@code ioc}, or named by its type:
 * {@code ip}, {@code dst_ip}, {@code domain}, {@code url}, {@code sha256}, …), {@code type}, {@code confidence} (0 to 100),
 * {@code valid_from}, {@code valid_until} and {@code description}, {@code malware} or {@code threat}. Without a line of
 * names the first column is the indicator. Lines that begin with {@code #}, {@code ;} or {@code //} are comments; the last
 * of those at the top may hold the names.
 */
final class ListFeed {
    private static final int LONGEST_LINE = 65_536;
    private static final int MOST_FAULTS = 1_000;
    private static final Set<String> VALUE = Set.of("indicator", "value", "ioc", "ioc_value", "observable");
    private static final Set<String> TYPE = Set.of("type", "indicator_type", "ioc_type");
    private static final Set<String> CONFIDENCE = Set.of("confidence", "confidence_level", "score");
    private static final Set<String> FROM = Set.of("valid_from", "from");
    private static final Set<String> UNTIL = Set.of("valid_until", "until", "expires", "expiration");
    private static final Set<String> DESCRIPTION =
            Set.of("description", "malware", "threat", "name", "reason", "comment");

    private final String file;
    private final boolean columns;
    private final List<FeedEntry> entries = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private @Nullable Header header;

    private ListFeed(String file, boolean columns) {
        this.file = file;
        this.columns = columns;
    }

    /** Where what stands; -1 for nowhere. */
    private record Header(
            int value, @Nullable String type, int typeColumn, int confidence, int from, int until, int description) {
        /** Null when none of the cells names an indicator. */
        static @Nullable Header of(List<String> cells) {
            var names = cells.stream()
                    .map(cell -> cell.toLowerCase(Locale.ROOT).replace(' ', '_'))
                    .toList();
            int value = index(names, VALUE);
            String type = null;
            for (int i = 0; value < 0 && i < names.size(); i++) {
                var bare = names.get(i).replaceFirst("^(?:dst|src)_", "").replaceFirst("_hash$", "");
                if (Indicator.isType(bare)) {
                    value = i;
                    type = bare;
                }
            }
            return value < 0
                    ? null
                    : new Header(
                            value,
                            type,
                            index(names, TYPE),
                            index(names, CONFIDENCE),
                            index(names, FROM),
                            index(names, UNTIL),
                            index(names, DESCRIPTION));
        }

        private static int index(List<String> names, Set<String> wanted) {
            for (int i = 0; i < names.size(); i++) {
                if (wanted.contains(names.get(i))) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** The feed that a file's lines are; lines that are none are faults of it. */
    static LocalFeed read(String name, String file, BufferedReader lines, boolean columns) throws IOException {
        var feed = new ListFeed(file, columns);
        int number = 0;
        for (var line = lines.readLine();
                line != null && feed.entries.size() < LocalFeed.MOST;
                line = lines.readLine()) {
            number++;
            feed.line(number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line, number);
        }
        if (feed.entries.size() == LocalFeed.MOST) {
            feed.faults.add(file + ": only the first " + LocalFeed.MOST + " indicators are used");
        }
        return new LocalFeed(name, feed.entries, feed.faults);
    }

    private void line(String line, int number) {
        var text = line.strip();
        if (text.isEmpty()) {
            return;
        }
        if (text.length() > LONGEST_LINE) {
            fault(number, "the line is longer than " + LONGEST_LINE + " characters");
            return;
        }
        boolean comment = text.startsWith("#") || text.startsWith(";") || text.startsWith("//");
        if (columns && entries.isEmpty() && (comment || header == null)) {
            var named = Header.of(CsvLine.cells(text.replaceFirst("^[#;/\\s]+", "")));
            if (named != null && (comment || !isIndicator(text))) {
                header = named;
                return;
            }
        }
        if (comment) {
            return;
        }
        try {
            entries.add(columns ? ofCells(CsvLine.cells(text), text) : ofWord(text));
        } catch (IllegalArgumentException | DateTimeException e) {
            fault(number, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isIndicator(String text) {
        return Indicator.listed("", CsvLine.cells(text).getFirst()).fault() == null;
    }

    private static FeedEntry ofWord(String text) {
        var words = text.split("\\s+", 3);
        boolean hosts = words.length > 1 && (words[0].equals("0.0.0.0") || words[0].equals("127.0.0.1"));
        var word = hosts ? words[1] : words[0];
        return new FeedEntry(sound(Indicator.listed("", word)), FeedEntry.CERTAIN, "", null, null, text);
    }

    private FeedEntry ofCells(List<String> cells, String line) {
        var known = header == null ? new Header(0, null, -1, -1, -1, -1, -1) : header;
        var value = cell(cells, known.value);
        var type = known.type == null ? cell(cells, known.typeColumn) : known.type;
        return new FeedEntry(
                sound(Indicator.listed(Indicator.isType(type) ? type : "", value)),
                confidence(cell(cells, known.confidence)),
                cell(cells, known.description),
                time(cell(cells, known.from)),
                time(cell(cells, known.until)),
                line);
    }

    private static Indicator sound(Indicator indicator) {
        if (indicator.fault() != null) {
            throw new IllegalArgumentException("the indicator " + indicator.fault());
        }
        return indicator;
    }

    private static BigDecimal confidence(String text) {
        if (text.isEmpty()) {
            return FeedEntry.CERTAIN;
        }
        boolean sound = text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
        try {
            return new BigDecimal(sound ? text : "none");
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the confidence is no number from 0 to 100", e);
        }
    }

    private static @Nullable Instant time(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(text.replace(' ', 'T').replaceFirst("(?<=:[0-9]{2})$", "Z"));
    }

    private static String cell(List<String> cells, int column) {
        return column < 0 || column >= cells.size() ? "" : cells.get(column);
    }

    private void fault(int line, String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(file + ":" + line + ": " + what);
        }
    }
}
