package io.marsad.server.cli;

import io.marsad.ingest.scan.Progress;
import io.marsad.ingest.scan.ScanOptions;
import io.marsad.ingest.scan.ScanResult;
import io.marsad.ingest.scan.Scanner;
import io.marsad.kernel.content.ContentException;
import io.marsad.server.client.Terminal;
import io.marsad.server.node.Content;
import io.marsad.server.scan.Report;
import io.marsad.server.scan.ScanTimes;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Level;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.RuleCache;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaDocument;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marsad scan}. */
@Command(
        name = "scan",
        description = {
            "Look for what rules find in files: no server, no database.",
            "",
            "Reads Windows event logs (EVTX), JSON, NDJSON, CloudTrail, Zeek (tables and JSON), Suricata EVE, syslog"
                    + " and auditd by their content, plain, gzipped or in a zip, and folders with all below.",
            "",
            "Exits 0 when the scan is done, 1 when --fail-level is given and something at or above it was found, 2 on"
                    + " wrong use, 3 when the scan failed (with --strict also when a piece could not be read)."
        },
        sortOptions = false)
final class ScanCommand implements Callable<Integer> {
    /** The exit code of a scan that could not be done. */
    static final int FAILED = 3;

    private static final int WORTH_A_CACHE = 50;
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhdw])");

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, or folders that are read with all below.")
    private List<Path> paths = List.of();

    @Option(
            names = "--rules",
            paramLabel = "DIR",
            arity = "1",
            description = "A folder (or file) of Sigma rules to use in place of the shipped ones; may be given several"
                    + " times.")
    private List<Path> ruleFolders = List.of();

    @Option(names = "--shipped-rules", description = "The shipped rules as well as those of --rules.")
    private boolean shipped;

    @Option(names = "--format", paramLabel = "NAME", description = "table (default), ndjson, csv or html.")
    private String format = "table";

    @Option(names = "--output", paramLabel = "FILE", description = "Write there instead of to the terminal.")
    private @Nullable Path output;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only events from then on: 2026-03-01, 2026-03-01T12:00:00Z (UTC without zone), or 24h, 7d ago.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only events before then.")
    private @Nullable String until;

    @Option(
            names = "--min-level",
            paramLabel = "LEVEL",
            description = "Only rules of this level and above: informational, low, medium, high, critical.")
    private @Nullable String minLevel;

    @Option(
            names = "--fail-level",
            paramLabel = "LEVEL",
            description = "Exit 1 when something of this level or above was found.")
    private @Nullable String failLevel;

    @Option(names = "--strict", description = "Exit 3 when a piece of a file could not be read.")
    private boolean strict;

    @Option(
            names = "--any-source",
            description = "Ask every rule of every event, whatever log source it is for: to try rules on bare JSON.")
    private boolean anySource;

    @Option(names = "--threads", paramLabel = "N", description = "Default: as many as there are processors.")
    private int threads;

    @Option(names = "--timing", description = "Say at the end, on standard error, where the time went.")
    private boolean timing;

    @Option(names = "--timing-json", description = "The same as one line of JSON.")
    private boolean timingJson;

    @Override
    public Integer call() throws Exception {
        var times = new ScanTimes(InstantSource.system());
        var report = Report.of(format);
        if (report == null) {
            throw new CommandFailure("--format is table, ndjson, csv or html");
        }
        var least = level(minLevel, "--min-level");
        var failing = level(failLevel, "--fail-level");
        var now = InstantSource.system().instant();
        var options = new ScanOptions(
                anySource,
                since == null ? Long.MIN_VALUE : time(since, now, "--since"),
                until == null ? Long.MAX_VALUE : time(until, now, "--until"),
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
        try {
            times.started();
            var folders = folders();
            var cache = RuleCache.open(UserFolders.cache().resolve("rules-" + name(folders) + ".cache"));
            var content = Content.load(Shipped.content(), folders, Placeholders.NONE, this::fields, cache);
            var rules = least == null ? content.rules() : above(content.rules(), least);
            var matcher = rules.compile();
            times.loaded(rules);
            var result =
                    new Scanner(content.mappings(), matcher, options, InstantSource.system()).scan(paths, progress());
            times.scanned(result.times());
            write(report, result);
            times.reported();
            remember(cache);
            if (timing || timingJson) {
                System.err.println(times.told(timingJson, result));
            }
            return exitCode(result, failing);
        } catch (ContentException | IOException e) {
            throw new ScanFailure(e);
        }
    }

    /** Exits 3. */
    static final class ScanFailure extends Exception {
        private static final long serialVersionUID = 1;

        ScanFailure(Exception cause) {
            super(cause);
        }
    }

    /** On bare JSON, rules mean what the record itself calls so. */
    private FieldResolver fields(FieldResolver known) {
        return !anySource
                ? known
                : (wanted, taxonomy, name) -> {
                    var slots = new LinkedHashSet<>(known.resolve(wanted, taxonomy, name));
                    slots.addAll(FieldResolver.UNMAPPED.resolve(wanted, taxonomy, name));
                    return List.copyOf(slots);
                };
    }

    /** A cache for each choice of folders: one of all would be written anew each time that the choice changes. */
    private static String name(List<Path> folders) {
        return Integer.toHexString(folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize().toString())
                .toList()
                .hashCode());
    }

    /** A few files are read as soon as a cache would be. */
    private static void remember(RuleCache cache) {
        if (cache.misses() < WORTH_A_CACHE) {
            return;
        }
        try {
            cache.save();
        } catch (IOException e) {
            System.err.println("marsad: rules will be read anew next time: " + e);
        }
    }

    private List<Path> folders() throws IOException {
        var folders = new ArrayList<Path>();
        if (shipped || ruleFolders.isEmpty()) {
            folders.add(Shipped.content().resolve("rules"));
        }
        for (Path folder : ruleFolders) {
            if (!Files.exists(folder)) {
                throw new java.nio.file.NoSuchFileException(folder.toString());
            }
            folders.add(folder);
        }
        return folders;
    }

    private static RuleSet above(RuleSet rules, Level least) {
        var ids = new HashSet<String>();
        Stream.concat(
                        rules.rules().stream().map(SigmaDocument.class::cast),
                        rules.correlations().stream().map(c -> (SigmaDocument) c.definition()))
                .filter(document -> document.about().level().compareTo(least) >= 0)
                .forEach(document -> ids.add(document.id()));
        return rules.only(ids);
    }

    private static @Nullable Level level(@Nullable String name, String option) {
        if (name == null) {
            return null;
        }
        for (Level level : Level.values()) {
            if (level.text().equals(name.toLowerCase(Locale.ROOT))) {
                return level;
            }
        }
        throw new CommandFailure(option + " is informational, low, medium, high or critical");
    }

    private static long time(String text, Instant now, String option) {
        var ago = AGO.matcher(text);
        if (ago.matches()) {
            long number = Long.parseLong(ago.group(1));
            var span = switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofDays(7 * number);
            };
            return now.minus(span).toEpochMilli();
        }
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli();
            }
            var iso = text.replace(' ', 'T');
            boolean zone = iso.endsWith("Z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > 10;
            return zone
                    ? java.time.OffsetDateTime.parse(iso).toInstant().toEpochMilli()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException e) {
            throw new CommandFailure(option + " is a time such as 2026-03-01T12:00:00Z or a span such as 24h or 7d");
        }
    }

    private Progress progress() {
        boolean watched = "true".equals(System.getProperty("marsad.watched"));
        if (!watched) {
            return Progress.NONE;
        }
        var terminal = new Terminal(System.err, true);
        return (done, bytes, findings) -> {
            if (done >= bytes) {
                terminal.clear();
            } else {
                terminal.progress(
                        bytes == 0 ? 1 : (double) done / bytes,
                        String.format(Locale.ROOT, "%d of %d MiB, %d found", done >> 20, bytes >> 20, findings));
            }
        };
    }

    private void write(Report report, ScanResult result) throws IOException {
        OutputStream stream =
                output == null ? new FileOutputStream(java.io.FileDescriptor.out) : Files.newOutputStream(output);
        try (Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16)) {
            report.write(result, out);
        }
    }

    private int exitCode(ScanResult result, @Nullable Level failing) {
        boolean lost = !result.unread().isEmpty() || result.unlisted() > 0 || result.forgotten() > 0;
        if (strict && lost) {
            return FAILED;
        }
        boolean found = failing != null
                && result.findings().stream().anyMatch(f -> f.rule().level().compareTo(failing) >= 0);
        return found ? 1 : 0;
    }
}
