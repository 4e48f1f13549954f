package io.marsad.bench.store;

import io.marsad.bench.opensearch.OpenSearchNode;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The part of the run that has OpenSearch beside us. What was found stays in the result when the node dies. */
final class Comparison implements AutoCloseable {
    /** Its own, as a small machine has it. */
    static final int NODE_HEAP = 2048;

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
     * What an event costs in all rounds, ours and theirs in turn, each in its own process; who waits for its turn does nothing.
     *
     * @param warmUp events that each gets before, by the round
     * @param each events of a round
     * @param ours bytes an event of our store on disk
     */
    void index(OurProcess pass, Field address, int warmUp, int each, int rounds, double ours)
            throws IOException, InterruptedException {
        theirs.createDefault("plain");
        theirs.createTuned("tuned", address, false);
        int cold = cold(templates, warmUp, each);
        var plain = new ArrayList<ProcessCpu.Each>();
        var tuned = new ArrayList<ProcessCpu.Each>();
        var whole = new ArrayList<ProcessCpu.Each>();
        for (int round = 0; round < cold + rounds; round++) {
            long first = (long) round * each;
            var which = round < cold
                    ? ", warming up (" + (round + 1) + " of " + cold + ")"
                    : " (round " + (round - cold + 1) + " of " + rounds + ")";
            progress.phase("OpenSearch, default" + which);
            plain.add(theirs.fill("plain", first, each, false, progress));
            progress.phase("OpenSearch, tuned" + which);
            tuned.add(theirs.fill("tuned", first, each, false, progress));
            progress.phase("all of our worker's pass" + which);
            whole.add(pass.run(first, each));
            if (round >= cold) {
                indexed(plain, tuned, whole, cold);
            }
        }
        long events = (long) (cold + rounds) * each;
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

    /** Rounds to warm up; each of the different events comes at least once. */
    static int cold(EventBatch templates, int warmUp, int each) {
        return Math.ceilDiv(Math.max(templates.rows(), warmUp), each);
    }

    /** After each round what is known so far. */
    private void indexed(
            List<ProcessCpu.Each> plain, List<ProcessCpu.Each> tuned, List<ProcessCpu.Each> whole, int cold) {
        result.put("opensearch_rounds", plain.size() - cold);
        result.put("warm_up_rounds", cold);
        double their = tell("opensearch_default", plain, cold, result);
        double faster = tell("opensearch_tuned", tuned, cold, result);
        double own = tell("worker", whole, cold, result);
        result.put("cpu_ratio_opensearch_default", StoreCommand.rounded(own / their));
        result.put("cpu_ratio_opensearch_tuned", StoreCommand.rounded(own / faster));
        double append = result.get("append_us_per_event") instanceof Double one ? one : Double.NaN;
        result.put("append_only_ratio_opensearch_default", StoreCommand.rounded(append / their));
        result.put("append_only_ratio_opensearch_tuned", StoreCommand.rounded(append / faster));
    }

    /** Medians of the rounds that count, and every round, those before too: so that one sees whether it was warm. */
    static double tell(String side, List<ProcessCpu.Each> rounds, int cold, Map<String, @Nullable Object> result) {
        var counted = rounds.subList(cold, rounds.size());
        double all = median(counted, ProcessCpu.Each::all);
        result.put(side + "_us_per_event", StoreCommand.rounded(all));
        double sum = counted.stream().mapToDouble(ProcessCpu.Each::all).sum();
        result.put(side + "_mean_us_per_event", StoreCommand.rounded(sum / counted.size()));
        result.put(side + "_compiler_us_per_event", StoreCommand.rounded(median(counted, ProcessCpu.Each::compiler)));
        result.put(side + "_collector_us_per_event", StoreCommand.rounded(median(counted, ProcessCpu.Each::collector)));
        result.put(
                side + "_rounds_us_per_event",
                rounds.stream().map(one -> StoreCommand.rounded(one.all())).toList());
        return all;
    }

    private static double median(List<ProcessCpu.Each> rounds, ToDoubleFunction<ProcessCpu.Each> part) {
        return median(rounds.stream().mapToDouble(part).toArray(), rounds.size());
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
        theirs.cpu("asked", question, same.span()); // does not count, as with ours
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
