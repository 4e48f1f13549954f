package io.marsad.soc.intel;

import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Intelligence in files: {@code .csv}, {@code .txt} and {@code .list} are feeds, {@code .json} a STIX bundle or recorded
 * answers, {@code .ndjson} and {@code .jsonl} recorded answers, one a line:
 * {@code {"source": "abuseipdb", "indicator": {"type": "ip", "value": "192.0.2.1"}, "answer": {…}}}.
 */
public final class IntelFiles {
    private static final long LARGEST = 64L << 20;
    private static final int MOST_FILES = 1_000;
    private static final int HEAD = 4_096;
    private static final Pattern BUNDLE = Pattern.compile("\"type\"\\s*:\\s*\"bundle\"|\"objects\"\\s*:\\s*\\[");

    private final Map<String, RecordedAnswers> recorded = new LinkedHashMap<>();
    private final List<IntelSource> sources = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private IntelFiles() {}

    /**
     * Intelligence that was read.
     *
     * @param faults what could not be read, each with its file and line
     */
    public record Library(List<IntelSource> sources, List<String> faults) {
        public static final Library EMPTY = new Library(List.of(), List.of());

        public Library {
            sources = List.copyOf(sources);
            faults = List.copyOf(faults);
        }

        /** What those that can say something say. */
        public List<IntelAnswer> answers(Indicator indicator, Instant at) {
            return sources.stream()
                    .filter(source -> source.knows(indicator))
                    .map(source -> source.lookup(indicator, at))
                    .toList();
        }
    }

    /** Reads a file, or a folder's files in the order of their names. */
    public static Library read(Path path) throws IOException {
        var files = new IntelFiles();
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (Files.isDirectory(path)) {
            List<Path> inside;
            try (var all = Files.walk(path, 8)) {
                inside = all.filter(Files::isRegularFile)
                        .sorted()
                        .limit(MOST_FILES + 1L)
                        .toList();
            }
            if (inside.size() > MOST_FILES) {
                throw new IOException(path + " has more than " + MOST_FILES + " files");
            }
            for (Path file : inside) {
                files.file(file, path.relativize(file).toString());
            }
        } else {
            files.file(path, path.getFileName().toString());
        }
        var all = new ArrayList<IntelSource>(files.recorded.values());
        all.addAll(files.sources);
        return new Library(all, files.faults);
    }

    /** How a feed is written. */
    public enum Format {
        /** Comma-separated values with named columns. */
        CSV,
        /** A value a line. */
        LIST,
        /** A STIX 2.1 bundle. */
        STIX
    }

    /** The feed that a text is; what of it cannot be read is among its faults. */
    public static LocalFeed feed(String name, Format format, String text) {
        if (format == Format.STIX) {
            return StixFeed.read(name, name, text);
        }
        try (var lines = new BufferedReader(new StringReader(text))) {
            return ListFeed.read(name, name, lines, format == Format.CSV);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be read", e);
        }
    }

    private void file(Path path, String shown) throws IOException {
        var lower = shown.toLowerCase(Locale.ROOT);
        int dot = lower.lastIndexOf('.');
        var kind = dot < 0 ? "" : lower.substring(dot + 1);
        if (Files.size(path) > LARGEST) {
            faults.add(shown + ": larger than " + (LARGEST >> 20) + " MiB");
            return;
        }
        switch (kind) {
            case "csv" -> add(list(path, shown, true));
            case "txt", "list" -> add(list(path, shown, false));
            case "json" -> json(shown, text(path));
            case "ndjson", "jsonl" -> lines(shown, text(path));
            default -> faults.add(shown + ": is no .csv, .txt, .list, .json, .ndjson or .jsonl");
        }
    }

    private static LocalFeed list(Path path, String shown, boolean columns) throws IOException {
        try (var lines = new BufferedReader(new StringReader(text(path)))) {
            return ListFeed.read(shown, shown, lines, columns);
        }
    }

    /** Bytes that are no UTF-8 become U+FFFD: a line with them is a fault, not the file. */
    private static String text(Path path) throws IOException {
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    }

    private void add(LocalFeed feed) {
        sources.add(feed);
        faults.addAll(feed.faults());
    }

    private void json(String shown, String text) {
        if (BUNDLE.matcher(text.substring(0, Math.min(HEAD, text.length()))).find()) {
            add(StixFeed.read(shown, shown, text));
            return;
        }
        try {
            if (text.stripLeading().startsWith("[")) {
                UntrustedJson.elements(
                        new StringReader(text), "answers", (value, line) -> recorded(shown, line, value));
            } else {
                recorded(shown, 1, UntrustedJson.read(text, AnswerReader.LONGEST));
            }
        } catch (FaultyJsonException e) {
            faults.add(shown + ": " + e.getMessage());
        }
    }

    private void lines(String shown, String text) {
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                recorded(shown, number, UntrustedJson.read(line, AnswerReader.LONGEST));
            } catch (FaultyJsonException e) {
                faults.add(shown + ":" + number + ": " + e.getMessage());
            }
        }
    }

    private void recorded(String shown, int line, JsonNode one) {
        var source = UntrustedJson.text(one.get("source"));
        var type = UntrustedJson.text(one.path("indicator").get("type"));
        var value = UntrustedJson.text(one.path("indicator").get("value"));
        var answer = one.get("answer");
        if (source == null || type == null || value == null || answer == null) {
            faults.add(
                    shown + ":" + line + ": a recorded answer has source, indicator.type, indicator.value and answer");
            return;
        }
        try {
            recorded.computeIfAbsent(source, RecordedAnswers::new).add(Indicator.of(type, value), answer);
        } catch (IllegalArgumentException e) {
            faults.add(shown + ":" + line + ": " + e.getMessage());
        }
    }
}
