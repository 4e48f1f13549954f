package io.marsad.server.scan;

import io.marsad.ingest.scan.Finding;
import io.marsad.ingest.scan.ScanResult;
import io.marsad.server.client.Terminal;
import io.marsad.sigma.Level;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** For people: every finding on a line, then what was found how often. Bytes that would steer a terminal are shown as dots. */
final class TableReport implements Report {
    private static final int MOST_LINES = 40;
    private static final int WIDTH = 60;

    @Override
    public void write(ScanResult result, Appendable out) throws IOException {
        for (Finding finding : result.findings()) {
            var event = finding.event();
            out.append(String.format(
                    Locale.ROOT,
                    "%s  %-13s  %-24s  %s  [%s #%d]  %s%n",
                    Instant.ofEpochMilli(event.time()),
                    finding.rule().level().text(),
                    Terminal.plain(event.host() == null ? "-" : event.host(), 24),
                    Terminal.plain(finding.rule().title(), 90),
                    Terminal.plain(event.place().file(), 400),
                    event.place().index(),
                    Terminal.plain(CsvReport.matched(finding), 160)));
        }
        if (!result.findings().isEmpty()) {
            out.append('\n');
        }
        summary(result, Summary.of(result), out);
    }

    private static void summary(ScanResult result, Summary summary, Appendable out) throws IOException {
        block("Rules", "detections", "hosts", summary.rules(), out);
        block("Hosts", "detections", "rules", summary.hosts(), out);
        block("ATT&CK techniques", "detections", "rules", summary.techniques(), out);
        if (!result.unread().isEmpty()) {
            out.append("Could not be read\n");
            for (ScanResult.Unread unread : result.unread()) {
                out.append(String.format(
                        Locale.ROOT,
                        "%8d  %s: %s%n",
                        unread.count(),
                        Terminal.plain(unread.file(), 400),
                        Terminal.plain(unread.reason(), 300)));
            }
            out.append('\n');
        }
        out.append(totals(result, summary)).append('\n');
    }

    static String totals(ScanResult result, Summary summary) {
        var text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d detections of %d rules in %d records of %d files",
                summary.total(),
                summary.rules().size(),
                result.records(),
                result.files()));
        for (int i = Level.values().length - 1; i >= 0; i--) {
            var level = Level.values()[i];
            long count = summary.levels().getOrDefault(level, 0L);
            if (count > 0) {
                text.append(", ").append(count).append(' ').append(level.text());
            }
        }
        long unread =
                result.unread().stream().mapToLong(ScanResult.Unread::count).sum();
        text.append(unread == 0 ? "" : "; " + unread + " pieces could not be read");
        text.append(result.passedOver() == 0 ? "" : "; " + result.passedOver() + " files are no logs");
        text.append(
                result.unlisted() == 0
                        ? ""
                        : "; NOT ALL ARE LISTED: " + result.unlisted() + " more (scan fewer files at once)");
        text.append(
                result.forgotten() == 0
                        ? ""
                        : "; CORRELATIONS ARE INCOMPLETE: " + result.forgotten() + " events were too many");
        return text.toString();
    }

    private static void block(String title, String count, String others, List<Summary.Line> lines, Appendable out)
            throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        out.append(String.format(Locale.ROOT, "%-" + WIDTH + "s  %-13s  %10s  %5s%n", title, "level", count, others));
        for (Summary.Line line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-" + (WIDTH - 2) + "s  %-13s  %10d  %5d%n",
                    Terminal.plain(line.name(), WIDTH - 2),
                    line.level().text(),
                    line.count(),
                    line.others()));
        }
        if (lines.size() > MOST_LINES) {
            out.append("  and " + (lines.size() - MOST_LINES) + " more\n");
        }
        out.append('\n');
    }
}
