package io.marsad.respond.trial;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Finding;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The playbooks of a folder, each with the cases beside it ({@code x.test.yaml} beside {@code x.yaml} or {@code x.json}). */
public final class PlaybookFolder {
    private static final String TEST = ".test.yaml";

    private PlaybookFolder() {}

    /**
     * A file.
     *
     * @param playbook null when it cannot be run
     * @param findings what can be said against it
     */
    public record Entry(Path file, @Nullable Playbook playbook, List<Finding> findings) {
        public Entry {
            findings = List.copyOf(findings);
        }

        /** Where its cases are, or would be. */
        Path test() {
            var name = file.getFileName().toString();
            return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + TEST);
        }
    }

    /**
     * What a case came to.
     *
     * @param steps so many were begun
     * @param faults empty: it did what it has to
     */
    public record Tried(Path file, String name, int line, int steps, List<String> faults) {
        public Tried {
            faults = List.copyOf(faults);
        }
    }

    /**
     * All that was tried.
     *
     * @param untested playbooks without cases
     */
    public record Report(List<Entry> entries, List<Tried> tried, List<ContentProblem> unreadable, List<Path> untested) {
        public int steps() {
            return tried.stream().mapToInt(Tried::steps).sum();
        }

        /** Cases that failed, playbooks that cannot be run, files that cannot be read. */
        public long failed() {
            return tried.stream().filter(one -> !one.faults().isEmpty()).count()
                    + entries.stream().filter(entry -> entry.playbook() == null).count()
                    + unreadable.size();
        }
    }

    /** Every playbook of the file or below the folder, in the order of their paths. */
    public static List<Entry> read(Path path, PlaybookReader reader) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        var entries = new ArrayList<Entry>();
        for (var file : files(path)) {
            entries.add(read(file, reader, Files.readAllBytes(file)));
        }
        return entries;
    }

    /** The files of playbooks at or below the path, in the order of their paths. */
    public static List<Path> files(Path path) throws IOException {
        try (var all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .filter(PlaybookFolder::isPlaybook)
                    .sorted()
                    .toList();
        }
    }

    private static Entry read(Path file, PlaybookReader reader, byte[] bytes) {
        try {
            var reading = reader.read(file.toString(), new String(bytes, StandardCharsets.UTF_8));
            return new Entry(file, reading.playbook(), reading.findings());
        } catch (ContentException e) {
            var findings = e.problems().stream()
                    .map(problem -> new Finding(Finding.Severity.ERROR, problem))
                    .toList();
            return new Entry(file, null, findings);
        }
    }

    private static boolean isPlaybook(Path file) {
        var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) && !name.endsWith(TEST);
    }

    /** Reads them and tries every case. */
    public static Report test(Path path, Catalogue catalogue) throws IOException {
        var entries = read(path, new PlaybookReader(catalogue));
        var tried = new ArrayList<Tried>();
        var unreadable = new ArrayList<ContentProblem>();
        var untested = new ArrayList<Path>();
        for (var entry : entries) {
            var playbook = entry.playbook();
            if (!Files.exists(entry.test())) {
                untested.add(entry.file());
            } else if (playbook != null) {
                try {
                    for (var one : TrialCase.read(entry.test().toString(), Files.readAllBytes(entry.test()))) {
                        var result = Trial.run(playbook, catalogue, one);
                        tried.add(new Tried(
                                entry.test(),
                                one.name(),
                                one.line(),
                                result.steps().size(),
                                result.faults()));
                    }
                } catch (ContentException e) {
                    unreadable.addAll(e.problems());
                }
            }
        }
        return new Report(entries, tried, unreadable, untested);
    }
}
