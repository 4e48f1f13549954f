package io.marsad.sigma;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Predicate;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Process creations against the rules for them: the matcher and the naive way in one run, with the same results. Arguments:
 * the folder of rules.
 */
final class MatcherBench {
    private static final LogSource SOURCE = LogSource.of("windows", "process_creation", "sysmon");
    private static final String[] PROGRAMS = {
        "C:\\Windows\\System32\\svchost.exe|C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule",
        "C:\\Windows\\System32\\conhost.exe|\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1",
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe|\"C:\\Program Files\\Google\\Chrome\\Application"
                + "\\chrome.exe\" --type=renderer --lang=en-US --device-scale-factor=1 --num-raster-threads=4 %d",
        "C:\\Windows\\System32\\cmd.exe|C:\\Windows\\system32\\cmd.exe /c \"dir C:\\Users\\user%d\\Documents\"",
        "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe|powershell.exe -NoProfile -File "
                + "C:\\Scripts\\inventory-%d.ps1",
        "C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE|\"C:\\Program Files\\Microsoft Office\\root"
                + "\\Office16\\OUTLOOK.EXE\" /recycle %d",
        "C:\\Program Files\\Git\\cmd\\git.exe|git.exe fetch --all --prune origin refs/heads/feature-%d",
        "C:\\Windows\\System32\\taskhostw.exe|taskhostw.exe Install $(Arg0) %d",
        "C:\\Program Files (x86)\\Microsoft\\EdgeUpdate\\MicrosoftEdgeUpdate.exe|\"C:\\Program Files (x86)\\Microsoft"
                + "\\EdgeUpdate\\MicrosoftEdgeUpdate.exe\" /ua /installsource scheduler",
    };

    private MatcherBench() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        var all = RuleSet.load(List.of(Path.of(args[0])), FieldResolver.UNMAPPED);
        long loaded = System.nanoTime();
        var matcher = all.compile();
        long compiled = System.nanoTime();
        System.out.printf(
                "rules %d, load %d ms, compile %d ms, routed to process creation %d%n",
                all.rules().size(),
                (loaded - start) / 1_000_000,
                (compiled - loaded) / 1_000_000,
                matcher.routed(SOURCE));
        var routed = all.rules().stream()
                .filter(r -> SOURCE.satisfies(r.logSource()))
                .toList();
        var naive = new NaiveMatcher(routed);
        for (int salt : new int[] {0, 20}) {
            var batch = events(routed, salt, 4000);
            differences(matcher, naive, routed, batch);
            double fast = 1e9;
            double slow = 1e9;
            for (int round = 0; round < 12; round++) {
                fast = Math.min(fast, microseconds(matcher, batch, 5));
                if (round % 4 == 0) {
                    slow = Math.min(slow, microseconds(naive, batch));
                }
            }
            long bytes = allocated();
            microseconds(matcher, batch, 5);
            System.out.printf(
                    "%d%% salted: matcher %.2f us/event, naive %.1f us/event, ratio %.1f, %d B/event allocated%n",
                    salt, fast, slow, slow / fast, (allocated() - bytes) / (5L * batch.rows()));
        }
        matcher.costs().stream()
                .sorted(Comparator.comparingLong(c -> -c.estimatedNanos()))
                .limit(12)
                .forEach(c -> System.out.printf(
                        "  %8d ms %8d evaluations %8d matches  %s%n",
                        c.estimatedNanos() / 1_000_000,
                        c.evaluations(),
                        c.matches(),
                        all.rules().get(c.index()).title()));
    }

    private static EventBatch events(List<SigmaRule> rules, int salted, int n) {
        var random = new Random(42);
        var needles = new ArrayList<String>();
        rules.forEach(r -> collect(r.predicate(), needles));
        var batch = Events.batch();
        for (int i = 0; i < n; i++) {
            var program = PROGRAMS[random.nextInt(PROGRAMS.length)]
                    .formatted(random.nextInt(1_000_000))
                    .split("\\|");
            var parent = PROGRAMS[random.nextInt(PROGRAMS.length)].formatted(i).split("\\|");
            var line = program[1];
            if (random.nextInt(100) < salted) {
                line += " " + needles.get(random.nextInt(needles.size()));
            }
            var hex = "%016X%016X".formatted(random.nextLong(), random.nextLong());
            Events.add(
                    batch,
                    SOURCE,
                    i,
                    "Image",
                    program[0],
                    "CommandLine",
                    line,
                    "ParentImage",
                    parent[0],
                    "ParentCommandLine",
                    parent[1],
                    "User",
                    "CORP\\user" + random.nextInt(500),
                    "IntegrityLevel",
                    "Medium",
                    "CurrentDirectory",
                    "C:\\Windows\\system32\\",
                    "LogonId",
                    "0x3e7",
                    "ProcessId",
                    "" + i,
                    "OriginalFileName",
                    program[0].substring(program[0].lastIndexOf('\\') + 1),
                    "Description",
                    "Host Process for Windows Services",
                    "Company",
                    "Microsoft Corporation",
                    "Product",
                    "Microsoft Windows Operating System",
                    "FileVersion",
                    "10.0.19041.1",
                    "Hashes",
                    "SHA1=" + hex + "01234567,MD5=" + hex + ",IMPHASH=" + hex,
                    "EventID",
                    "1",
                    "Computer",
                    "ws-" + random.nextInt(200) + ".corp.example",
                    "UtcTime",
                    "2026-01-02 03:04:05.678");
        }
        return batch;
    }

    private static void collect(Predicate predicate, List<String> needles) {
        switch (predicate) {
            case Predicate.And(List<Predicate> all) -> all.forEach(p -> collect(p, needles));
            case Predicate.Or(List<Predicate> any) -> any.forEach(p -> collect(p, needles));
            case Predicate.Text text -> needles.add(text.glob().text());
            default -> {}
        }
    }

    private static void differences(RuleMatcher matcher, NaiveMatcher naive, List<SigmaRule> routed, EventBatch batch) {
        int matches = 0;
        int different = 0;
        for (int row = 0; row < batch.rows(); row++) {
            var collected = new Collected();
            matcher.match(batch, row, collected);
            var expected = naive.match(batch, row).stream()
                    .map(i -> routed.get(i).title())
                    .toList();
            matches += expected.size();
            different += expected.equals(collected.detected) ? 0 : 1;
        }
        System.out.println("events " + batch.rows() + ", matches " + matches + ", events that differ " + different);
    }

    private static double microseconds(RuleMatcher matcher, EventBatch batch, int times) {
        var count = new long[1];
        var sink = new DetectionSink() {
            @Override
            public void detected(SigmaRule rule, EventBatch b, int row) {
                count[0]++;
            }

            @Override
            public void contributed(Correlation c, Correlation.Member member, EventBatch b, int row) {
                count[0]++;
            }
        };
        long start = cpu();
        for (int t = 0; t < times; t++) {
            for (int row = 0; row < batch.rows(); row++) {
                matcher.match(batch, row, sink);
            }
        }
        return (cpu() - start) / 1e3 / times / batch.rows();
    }

    private static double microseconds(NaiveMatcher naive, EventBatch batch) {
        long start = cpu();
        for (int row = 0; row < batch.rows(); row++) {
            naive.match(batch, row);
        }
        return (cpu() - start) / 1e3 / batch.rows();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
