package io.marsad.store.segment;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column being read: its pages are loaded when a value of theirs is asked for. One thread. */
final class Column {
    final Directory.ColumnPages info;
    private final Loader loader;
    private final byte[] @Nullable [] data;
    private final int[] @Nullable [] starts;
    private byte @Nullable [] codes;

    /** Gives a page's bytes, unpacked and checked. */
    interface Loader {
        byte[] load(Page page) throws IOException;
    }

    Column(Directory.ColumnPages info, Loader loader) {
        this.info = info;
        this.loader = loader;
        int pages = info.dictionary() ? 1 : info.pages().length;
        data = new byte[pages][];
        starts = new int[pages][];
    }

    int pages() {
        return starts.length;
    }

    /** How many distinct (dictionary) or single (plain) values the page has. */
    int values(int page) {
        return info.firstValue()[page + 1] - info.firstValue()[page];
    }

    /** The number of the distinct value that the value is; itself where there is no dictionary. */
    int code(int value) throws IOException {
        if (!info.dictionary()) {
            return value;
        }
        if (info.distinct() == 1) {
            return 0;
        }
        var bytes = codes;
        if (bytes == null) {
            bytes = loader.load(info.pages()[1]);
            int width = info.distinct() > 256 ? 2 : 1;
            if (info.pages()[1].raw() != width * (long) info.count()) {
                throw new DamagedException("a column has another number of values than it says");
            }
            codes = bytes;
        }
        int code = info.distinct() <= 256
                ? bytes[value] & 0xff
                : bytes[2 * value] & 0xff | (bytes[2 * value + 1] & 0xff) << 8;
        if (code >= info.distinct()) {
            throw new DamagedException("a column names a value that it does not have");
        }
        return code;
    }

    /** How often each distinct value comes, where there is a dictionary. */
    int[] frequencies() throws IOException {
        var counts = new int[info.distinct()];
        if (info.distinct() <= 1) {
            Arrays.fill(counts, info.count());
            return counts;
        }
        code(0);
        var bytes = codes;
        if (bytes == null) {
            throw new IllegalStateException("codes were read");
        }
        try {
            if (info.distinct() <= 256) {
                for (int i = 0, n = info.count(); i < n; i++) {
                    counts[bytes[i] & 0xff]++;
                }
            } else {
                for (int i = 0, n = 2 * info.count(); i < n; i += 2) {
                    counts[bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8]++;
                }
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new DamagedException("a column names a value that it does not have");
        }
        return counts;
    }

    /** The page that a code's value is on. */
    int page(int code) throws DamagedException {
        var first = info.firstValue();
        int low = 0;
        int high = first.length - 2;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (first[middle] <= code) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (code < 0 || code >= first[first.length - 1]) {
            throw new DamagedException("a column has fewer values than its rows need");
        }
        return low;
    }

    /** The page's bytes; {@link Page#PADDING} bytes after a value may be read. */
    byte[] data(int page) throws IOException {
        var bytes = data[page];
        if (bytes == null) {
            bytes = loader.load(info.pages()[page]);
            data[page] = bytes;
        }
        return bytes;
    }

    /** Where in {@link #data} the first value starts or earlier: what is before are lengths. */
    int dataStart(int page) {
        return Math.min(values(page), info.pages()[page].raw()); // a length takes a byte at least
    }

    /** Where in {@link #data} the last value ends. */
    int dataEnd(int page) {
        return info.pages()[page].raw();
    }

    /** Where the page's values start in {@link #data}; one more entry than it has values. */
    int[] starts(int page) throws IOException {
        var at = starts[page];
        if (at != null) {
            return at;
        }
        var bytes = data(page);
        int raw = info.pages()[page].raw();
        int n = values(page);
        var in = new Source(bytes, 0, raw);
        at = new int[n + 1];
        int easy = 0;
        for (int sum = 0; easy < n && easy < raw && bytes[easy] >= 0; ) { // most lengths are one byte
            sum += bytes[easy++];
            at[easy] = sum;
        }
        in.skip(easy);
        for (int i = easy; i < n; i++) {
            at[i + 1] = at[i] + in.getCount(raw - at[i]);
        }
        int start = in.position();
        if (start + at[n] != raw) {
            throw new DamagedException("a page's lengths do not add up");
        }
        for (int i = 0; i <= n; i++) {
            at[i] += start;
        }
        starts[page] = at;
        return at;
    }
}
