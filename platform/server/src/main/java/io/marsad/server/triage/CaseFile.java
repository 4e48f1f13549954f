package io.marsad.server.triage;

import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * A file of recorded cases: an object a line, one array, or one object, by its content. A case that cannot be read is a
 * fault with its line; the next one is read all the same.
 */
final class CaseFile {
    /** How large a file is at most. */
    static final int LARGEST = 64 << 20;

    private static final int LONGEST_CASE = 4 << 20;

    private final String file;
    private final Sink sink;

    private CaseFile(String file, Sink sink) {
        this.file = file;
        this.sink = sink;
    }

    /** Takes what is found, in the file's order. */
    interface Sink {
        void found(RecordedCase one);

        void fault(String where, String reason);
    }

    /** Reads a stream to its end; does not close it. */
    static void read(String file, InputStream in, Sink sink) throws IOException {
        var bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new IOException(file + " is larger than " + (LARGEST >> 20) + " MiB");
        }
        var text = new String(bytes, StandardCharsets.UTF_8);
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        var cases = new CaseFile(file, sink);
        if (text.stripLeading().startsWith("[")) {
            cases.array(text);
        } else if (!cases.isOneObject(text)) {
            cases.lines(text);
        }
    }

    private void array(String text) {
        try {
            UntrustedJson.elements(new StringReader(text), "cases", (value, line) -> take(line, value));
        } catch (FaultyJsonException e) {
            sink.fault(file, "is " + e.getMessage() + "; what comes behind that is not read");
        }
    }

    /** An object over several lines; a file of lines is none, because its first line alone is an object already. */
    private boolean isOneObject(String text) {
        var stripped = text.strip();
        int end = stripped.indexOf('\n');
        if (!stripped.startsWith("{") || end < 0 || isJson(stripped.substring(0, end))) {
            return false;
        }
        try {
            var json = UntrustedJson.read(stripped, LONGEST_CASE);
            take(
                    1
                            + (int) text.substring(0, text.indexOf('{'))
                                    .chars()
                                    .filter(c -> c == '\n')
                                    .count(),
                    json);
            return true;
        } catch (FaultyJsonException e) {
            return false;
        }
    }

    private static boolean isJson(String line) {
        try {
            UntrustedJson.read(line, LONGEST_CASE);
            return true;
        } catch (FaultyJsonException e) {
            return false;
        }
    }

    private void lines(String text) throws IOException {
        int number = 0;
        try (var lines = new BufferedReader(new StringReader(text))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                try {
                    take(number, UntrustedJson.read(line, LONGEST_CASE));
                } catch (FaultyJsonException e) {
                    sink.fault(
                            file + ":" + number,
                            "is " + String.valueOf(e.getMessage()).replaceFirst("\\(line 1, ", "("));
                }
            }
        }
    }

    private void take(int line, JsonNode json) {
        var where = file + ":" + line;
        RecordedCase one;
        try {
            one = RecordedCase.read(where, line, json);
        } catch (IllegalArgumentException e) {
            sink.fault(where, String.valueOf(e.getMessage()));
            return;
        }
        sink.found(one);
    }
}
