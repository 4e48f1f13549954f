package io.marsad.server.imports;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.sigma.ContentFiles;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes rules from elsewhere into a folder of sets: what can be read, with where it is from and its licence. A set is
 * written beside the one before and takes its place at once, so that whoever reads meanwhile reads the one or the other.
 */
public final class RuleImport {
    private static final String STAGING = ".import-";
    private static final String OLD = ".old-";

    private final Path into;
    private final List<Path> others;
    private final FieldResolver fields;
    private final InstantSource clock;

    /**
     * @param into the folder of sets
     * @param others other folders with rules: an id that is taken there is refused
     */
    public RuleImport(Path into, List<Path> others, FieldResolver fields, InstantSource clock) {
        this.into = into;
        this.others = List.copyOf(others);
        this.fields = fields;
        this.clock = clock;
    }

    /**
     * What to import.
     *
     * @param source a folder, a zip file, or the https address of a Git repository
     * @param name of the set; null to call it after the source
     * @param licence SPDX id; null to look at the source's licence file
     * @param ref branch or tag of a repository; null for its own choice
     * @param below only rules below these folders of the source; empty for all
     * @param everyStatus rules that call themselves deprecated or unsupported, too
     * @param privateToo repositories at private addresses, too
     * @param dryRun changes nothing
     */
    public record Request(
            String source,
            @Nullable String name,
            @Nullable String licence,
            @Nullable String ref,
            List<String> below,
            boolean everyStatus,
            boolean privateToo,
            boolean dryRun) {
        public Request {
            below = List.copyOf(below);
        }
    }

    /**
     * What came of it.
     *
     * @param rules documents that can be read
     * @param waiting rules among them that wait for lists
     * @param added paths that the set did not have; so are changed and removed against the set before
     * @param retired files left out because their rules call themselves deprecated or unsupported
     * @param other YAML files that are no rules
     * @param refused paths are relative to the source
     */
    public record Report(
            ImportedSet set,
            int rules,
            int waiting,
            List<String> added,
            List<String> changed,
            List<String> removed,
            int retired,
            int other,
            List<ContentProblem> refused) {}

    /** Imports, or says what importing would do. */
    public Report run(Request request) throws IOException, InterruptedException {
        var name = request.name != null ? request.name : nameOf(request.source);
        check(name);
        var scratch = Files.createTempDirectory("marsad-import");
        try {
            var source = fetch(request, scratch);
            var staging = Files.createDirectories(scratch.resolve("set"));
            var taken = Taken.of(source, request);
            taken.write(staging);
            var report = compiled(request, name, source, taken, staging);
            if (!request.dryRun) {
                keep(name, staging, report.set, source);
            }
            return report;
        } finally {
            delete(scratch);
        }
    }

    /** Takes a set away. */
    public ImportedSet remove(String name) throws IOException {
        check(name);
        var set = ImportedSet.read(into.resolve(name));
        if (set == null) {
            throw new IOException("there is no imported set '" + name + "' in " + into);
        }
        var old = into.resolve(OLD + name);
        delete(old);
        Files.move(into.resolve(name), old, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
        return set;
    }

    private static SourceFiles fetch(Request request, Path scratch) throws IOException, InterruptedException {
        if (request.source.contains("://")) {
            return new GitSource("https", request.privateToo)
                    .fetch(request.source, request.ref, Files.createDirectories(scratch.resolve("git")));
        }
        var path = Path.of(request.source);
        if (Files.isDirectory(path)) {
            return SourceFiles.ofFolder(path);
        }
        if (Files.isRegularFile(path)) {
            return SourceFiles.ofZip(path, null);
        }
        throw new IOException(request.source + " is no folder, no zip file and no https address of a Git repository");
    }

    static String nameOf(String source) {
        var last = source.replace('\\', '/').replaceFirst("/+$", "");
        last = last.substring(last.lastIndexOf('/') + 1).replaceFirst("(?i)\\.(git|zip)$", "");
        return last.toLowerCase(java.util.Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-")
                .replaceFirst("^[^a-z0-9]+", "");
    }

    private static void check(String name) throws IOException {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw new IOException("'" + name + "' cannot be the name of a set: 1 to 64 of a-z, 0-9, dot, - and _, not"
                    + " beginning with one of these marks; give one with --name");
        }
    }

    /** The files of a source that are rules to be imported. */
    private record Taken(Map<String, byte[]> files, int retired, int other, List<ContentProblem> refused) {
        static Taken of(SourceFiles source, Request request) {
            var taken = new Taken(new TreeMap<>(), 0, 0, new ArrayList<>());
            int retired = 0;
            int other = 0;
            for (Map.Entry<String, byte[]> file : source.files().entrySet()) {
                var path = file.getKey();
                boolean yaml = path.endsWith(".yml") || path.endsWith(".yaml");
                boolean below = request.below.isEmpty()
                        || request.below.stream().anyMatch(folder -> path.startsWith(folder.replaceFirst("/*$", "/")));
                if (!yaml || !below) {
                    continue;
                }
                if (ContentFiles.isProof(Path.of(path))) {
                    taken.files.put(path, file.getValue());
                    continue;
                }
                try {
                    var documents = YamlReader.read(path, file.getValue());
                    if (documents.stream().noneMatch(Taken::isRule)) {
                        other++;
                    } else if (!request.everyStatus && documents.stream().anyMatch(Taken::isRetired)) {
                        retired++;
                    } else {
                        taken.files.put(path, file.getValue());
                    }
                } catch (ContentException e) {
                    taken.refused.addAll(e.problems());
                }
            }
            return new Taken(taken.files, retired, other, taken.refused);
        }

        private static boolean isRule(YamlNode document) {
            return document instanceof YamlNode.Mapping map
                    && Stream.of("detection", "correlation", "filter").anyMatch(key -> map.get(key) != null);
        }

        private static boolean isRetired(YamlNode document) {
            return document instanceof YamlNode.Mapping map
                    && map.get("status") instanceof YamlNode.Scalar status
                    && (status.text().equals("deprecated") || status.text().equals("unsupported"));
        }

        void write(Path folder) throws IOException {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                var path = folder.resolve(SourceFiles.safe(file.getKey())).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException(file.getKey() + " leads out of the folder");
                }
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
    }

    /** Reads what was taken beside all other rules, and drops the files of which nothing can be read. */
    private Report compiled(Request request, String name, SourceFiles source, Taken taken, Path staging)
            throws IOException {
        var folders = new ArrayList<>(others);
        for (ImportedSet set : ImportedSet.all(into)) {
            if (!set.name().equals(name)) {
                folders.add(into.resolve(set.name()));
            }
        }
        folders.add(staging);
        var rules = RuleSet.load(folders, fields, Placeholders.ASSUMED);
        var prefix = staging + java.io.File.separator;
        var refused = new ArrayList<>(taken.refused);
        for (ContentProblem problem : rules.refusals()) {
            if (problem.file().startsWith(prefix)) {
                refused.add(new ContentProblem(
                        problem.file().substring(prefix.length()), problem.line(), problem.reason()));
            }
        }
        var read = documents(rules)
                .filter(d -> d.about().file().startsWith(prefix))
                .toList();
        var good = new HashSet<String>();
        read.forEach(document -> good.add(document.about().file().substring(prefix.length())));
        var files = new TreeMap<String, String>();
        for (Map.Entry<String, byte[]> file : taken.files.entrySet()) {
            if (good.contains(file.getKey()) || ContentFiles.isProof(Path.of(file.getKey()))) {
                files.put(file.getKey(), SourceFiles.sha256(file.getValue()));
            } else {
                Files.delete(staging.resolve(file.getKey()));
            }
        }
        if (good.isEmpty()) {
            throw new IOException("there is no rule in " + request.source + " that can be read"
                    + (refused.isEmpty() ? "" : "; the first: " + refused.getFirst()));
        }
        var licence = request.licence != null ? request.licence : Licences.of(source.files());
        var authors = new TreeMap<String, Integer>();
        read.forEach(document -> authors.merge(document.about().author(), 1, Integer::sum));
        authors.remove("");
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var set = new ImportedSet(name, request.source, source.kind(), source.revision(), now, licence, files, authors);
        int waiting = (int) rules.rules().stream()
                .filter(r -> !r.missingLists().isEmpty() && r.about().file().startsWith(prefix))
                .count();
        return report(set, read.size(), waiting, taken, refused);
    }

    private Report report(ImportedSet set, int rules, int waiting, Taken taken, List<ContentProblem> refused)
            throws IOException {
        var before = ImportedSet.read(into.resolve(set.name()));
        var old = before == null ? Map.<String, String>of() : before.files();
        var added = new TreeSet<String>();
        var changed = new TreeSet<String>();
        set.files().forEach((path, hash) -> {
            var was = old.get(path);
            if (was == null) {
                added.add(path);
            } else if (!was.equals(hash)) {
                changed.add(path);
            }
        });
        var removed = new TreeSet<>(old.keySet());
        removed.removeAll(set.files().keySet());
        return new Report(
                set,
                rules,
                waiting,
                List.copyOf(added),
                List.copyOf(changed),
                List.copyOf(removed),
                taken.retired,
                taken.other,
                List.copyOf(refused));
    }

    private static Stream<SigmaDocument> documents(RuleSet rules) {
        return Stream.of(
                        rules.rules().stream(),
                        rules.correlations().stream().map(c -> (SigmaDocument) c.definition()),
                        rules.filters().stream())
                .flatMap(s -> s);
    }

    private void keep(String name, Path staged, ImportedSet set, SourceFiles source) throws IOException {
        Files.createDirectories(into);
        var folder = into.resolve(name);
        if (Files.exists(folder) && ImportedSet.read(folder) == null) {
            throw new IOException(folder + " is there and was not imported; choose another --name");
        }
        var staging = into.resolve(STAGING + name);
        delete(staging);
        copy(staged, staging);
        set.write(staging);
        Files.writeString(
                staging.resolve("NOTICE.md"),
                Licences.notice(name, set.source(), set.revision(), set.licence()),
                StandardCharsets.UTF_8);
        for (Map.Entry<String, byte[]> file : source.files().entrySet()) {
            var path = file.getKey();
            boolean atTop = !path.contains("/");
            if (atTop && SourceFiles.isLicence(path) && !path.equals("NOTICE.md")) {
                Files.write(staging.resolve(path), file.getValue());
            }
        }
        var old = into.resolve(OLD + name);
        delete(old);
        if (Files.exists(folder)) {
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                var target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
