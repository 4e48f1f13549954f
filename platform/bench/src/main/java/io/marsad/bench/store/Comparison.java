package io.marsad.bench.store;

import io.marsad.bench.opensearch.OpenSearchNode;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.log.LogFullException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the run that has OpenSearch beside us. What was found stays in the result when the node dies. */
final class Comparison implements AutoCloseable {
    /** Its own, as a small machine has it. */
    static final int NODE_HEAP = 2048;

    private static final int WARM_UP = 100_000;

    private final OpenSearchNode node;
    private final EventBatch templates;
    private final Theirs theirs;
    private final Map<String, @Nullable Object> result;
    private final Progress progress;

    Comparison(OpenSearchNode node, EventBatch templates, Map<String, @Nullable Object> result, Progress progress)
            throws IOException, InterruptedException {
        this.node = node;
        this.templates = templates;
        this.theirs = new Theirs(node, new Documents(templates), new EventStream(templates));
        this.result = result;
        this.progress = progress;
        theirs.prepare();
    }

    /**
     * What an event costs in all rounds, ours and theirs in turn.
     *
     * @param each events of a round
     * @param ours bytes an event of our store on disk
     */
    void index(WorkerPass pass, Field address, int each, int rounds, double ours)
            throws IOException, InterruptedException, LogFullException {
        theirs.createDefault("plain");
        theirs.createTuned("tuned", address, false);
        int known = warmUp(templates);
        progress.phase("warming up OpenSearch, default");
        theirs.fill("plain", 0, known, false, progress);
        progress.phase("warming up OpenSearch, tuned");
        theirs.fill("tuned", 0, known, false, progress);
        var plain = new double[rounds];
        var tuned = new double[rounds];
        var whole = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long first = known + (long) round * each;
            var which = " (round " + (round + 1) + " of " + rounds + ")";
            progress.phase("OpenSearch, default" + which);
            plain[round] = theirs.fill("plain", first, each, false, progress);
            progress.phase("OpenSearch, tuned" + which);
            tuned[round] = theirs.fill("tuned", first, each, false, progress);
            progress.phase("all of our worker's pass" + which);
            whole[round] = pass.run(new EventStream(templates), first, each);
            indexed(plain, tuned, whole, round + 1);
        }
        long events = known + (long) rounds * each;
        double disk = (double) theirs.disk("plain") / events;
        double tunedDisk = (double) theirs.disk("tuned") / events;
        result.put("opensearch_indexed_events", events);
        result.put("opensearch_disk_bytes_per_event", StoreCommand.rounded(disk));
        result.put("opensearch_tuned_disk_bytes_per_event", StoreCommand.rounded(tunedDisk));
        result.put("disk_ratio_opensearch", StoreCommand.rounded(ours / disk));
        result.put("disk_ratio_opensearch_tuned", StoreCommand.rounded(ours / tunedDisk));
        theirs.delete("plain");
        theirs.delete("tuned");
    }

    /** By then all fields have come, and both sides' compilers have seen what there is to see. */
    static int warmUp(EventBatch templates) {
        return Math.max(templates.rows(), WARM_UP);
    }

    /** After each round what is known so far. */
    private void indexed(double[] plain, double[] tuned, double[] whole, int rounds) {
        double their = median(plain, rounds);
        double faster = median(tuned, rounds);
        double own = median(whole, rounds);
        result.put("opensearch_rounds", rounds);
        result.put("opensearch_default_us_per_event", StoreCommand.rounded(their));
        result.put("opensearch_tuned_us_per_event", StoreCommand.rounded(faster));
        result.put("worker_us_per_event", StoreCommand.rounded(own));
        result.put("cpu_ratio_opensearch_default", StoreCommand.rounded(own / their));
        result.put("cpu_ratio_opensearch_tuned", StoreCommand.rounded(own / faster));
        double append = result.get("append_us_per_event") instanceof Double one ? one : Double.NaN;
        result.put("append_only_ratio_opensearch_default", StoreCommand.rounded(append / their));
        result.put("append_only_ratio_opensearch_tuned", StoreCommand.rounded(append / faster));
    }

    static double median(double[] all, int n) {
        var sorted = Arrays.copyOf(all, n);
        Arrays.sort(sorted);
        return sorted[n / 2];
    }

    /** The same questions to both, which have the same events. */
    void ask(Ours same, Subjects about, int rounds, List<Map<String, @Nullable Object>> rows)
            throws IOException, InterruptedException {
        int events = Math.toIntExact(same.events);
        progress.phase("OpenSearch, tuned, with the record as text");
        theirs.createTuned("asked", about.address(), true);
        theirs.fill("asked", 0, events, true, progress);
        theirs.settle("asked");
        result.put("opensearch_events", events);
        result.put(
                "opensearch_asked_disk_bytes_per_event", StoreCommand.rounded((double) theirs.disk("asked") / events));
        result.put("opensearch_refused", theirs.refused);
        int wins = 0;
        double worst = 0;
        var questions = Question.twelve(about);
        for (int q = 0; q < questions.size(); q++) {
            var question = questions.get(q);
            progress.phase("both asked: " + question.name());
            double ratio = ask(same, question, rounds, rows.get(q));
            wins += ratio <= 1 ? 1 : 0;
            worst = Math.max(worst, ratio);
            result.put("queries_won", wins);
            result.put("worst_ratio", StoreCommand.rounded(worst));
        }
    }

    private double ask(Ours same, Question question, int rounds, Map<String, @Nullable Object> row)
            throws IOException, InterruptedException {
        var ours = same.ask(question);
        var answer = theirs.ask("asked", question, same.span());
        var each = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            each[round] = theirs.cpu("asked", question, same.span());
        }
        double own = same.cpu(question, rounds);
        double their = median(each, rounds);
        row.put("same_events_ours_ms", StoreCommand.rounded(own));
        row.put("opensearch_ms", StoreCommand.rounded(their));
        row.put("opensearch_ms_per_million", StoreCommand.rounded(their * 1e6 / same.events));
        row.put("ratio", StoreCommand.rounded(own / their));
        row.put("equal", ours.equals(answer));
        if (!ours.equals(answer)) {
            row.put("answers", ours + " / " + answer);
        }
        return own / their;
    }

    @Override
    public void close() {
        node.close();
    }
}
