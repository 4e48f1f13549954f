package io.marsad.store.query.run;

import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.LogRange;
import io.marsad.kernel.store.SearchProgress;
import io.marsad.kernel.store.SearchWatch;
import io.marsad.store.query.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries over a store. What stands right behind the filter is counted by the store itself where it can; the rest is
 * streamed through the stages in memory, which is bounded, and the answer says what had to be left out.
 *
 * <p>Thread-safe.
 */
public final class QueryRun {
    private final EventStore store;
    private final Lookups lookups;

    public QueryRun(EventStore store, Lookups lookups) {
        this.store = store;
        this.lookups = lookups;
    }

    /**
     * What kind of answer a query has.
     *
     * @param table else events
     * @param columns as far as they are known before there is data
     */
    public record Kind(boolean table, List<Column> columns) {}

    /**
     * What the answer will look like.
     *
     * @throws io.marsad.kernel.problem.ProblemException when the query asks for lists that there are not
     */
    public Kind kind(Ask ask) {
        var shape = new Shape();
        var chain = new Chain(ask, lookups, new Budget(ask.timeout(), Follower.NONE), shape);
        var stages = ask.query().stages();
        for (int i = 0; i < stages.size(); i++) {
            var stage = stages.get(i);
            var none = new io.marsad.kernel.store.SummaryTable(List.of(), 0, 0, false, 0, 0);
            var groups = new Groups(ask, shape, new Budget(ask.timeout(), Follower.NONE));
            if (stage instanceof Stage.Timechart chart && chart.by() != null) {
                return new Kind(true, List.of());
            }
            if (Groups.makes(stage)) {
                shape.table(groups.table(stage, none).columns());
            } else {
                chain.add(stage, null);
            }
        }
        return new Kind(shape.isTable(), shape.isTable() ? shape.columns() : visible(shape.columns()));
    }

    /** Of events: columns that were dropped leave a gap. */
    private static List<Column> visible(List<Column> columns) {
        return columns.stream().filter(column -> !column.name().isEmpty()).toList();
    }

    /** How many bytes the query's range touches in the store; of the progress only the total means anything. */
    public long bytes(Ask ask) throws IOException {
        var total = new long[1];
        store.search(
                new EventSearch(ask.tenant(), ask.from(), ask.to(), Predicate.NOTHING, 1, null, ask.timeout()),
                progress -> {
                    total[0] = progress.totalBytes();
                    return false;
                });
        return total[0];
    }

    /**
     * Runs the query.
     *
     * @throws io.marsad.kernel.problem.ProblemException when it cannot be run as it is: an unknown list, a regular
     *     expression that is too large
     */
    public Answer run(Ask ask, Follower follower) throws IOException {
        return new Running(ask, follower).run(ask.query().stages());
    }

    /** One query on its way. */
    private final class Running {
        private final Ask ask;
        private final Follower follower;
        private final Predicate where;
        private final Budget budget;
        private final Shape shape = new Shape();

        Running(Ask ask, Follower follower) {
            this.ask = ask;
            this.follower = follower;
            this.where = ask.query().predicate();
            this.budget = new Budget(ask.timeout(), follower);
        }

        Answer run(List<Stage> stages) throws IOException {
            boolean head = stages.size() == 1 && stages.getFirst() instanceof Stage.Head;
            if (stages.isEmpty() || head) {
                return search(head ? ((Stage.Head) stages.getFirst()).rows() : Ask.MOST_ROWS);
            }
            int at = 0;
            List<Row> rows = null; // until there is a table: the events of the store
            while (true) {
                int end = at;
                while (end < stages.size() && !Groups.makes(stages.get(end))) {
                    end++;
                }
                var chain = new Chain(ask, lookups, budget, shape);
                for (int i = at; i < end; i++) {
                    chain.add(stages.get(i), i + 1 < stages.size() ? stages.get(i + 1) : null);
                }
                if (end == stages.size()) {
                    return last(chain, rows);
                }
                var groups = new Groups(ask, shape, budget);
                var stage = stages.get(end);
                var grouping = groups.grouping(stage);
                var summary = rows == null && chain.isEmpty() && ask.came() == LogRange.ALL
                        ? grouping.summary(ask, where, shape, budget.left())
                        : null;
                Tables.Made made;
                if (summary != null) {
                    var table = store.summarize(summary, watch());
                    if (table.partial()) {
                        budget.partial();
                    }
                    made = groups.table(stage, table);
                } else {
                    var counter = grouping.new Counter(ask, shape, budget);
                    feed(chain, rows, counter, false);
                    made = groups.table(stage, counter.table());
                }
                shape.table(made.columns());
                rows = new ArrayList<>(made.rows().size());
                for (var cells : made.rows()) {
                    rows.add(Row.ofTable(cells));
                }
                at = end + 1;
            }
        }

        private SearchWatch watch() {
            return budget::goOn;
        }

        /** The store's own page. */
        private Answer search(int most) throws IOException {
            var wanted = new EventSearch(
                    ask.tenant(),
                    ask.from(),
                    ask.to(),
                    where,
                    Math.min(most, ask.limit()),
                    ask.after(),
                    ask.timeout(),
                    ask.came());
            var page = store.search(wanted, new SearchWatch() {
                @Override
                public boolean goOn(SearchProgress progress) {
                    return budget.goOn(progress);
                }

                @Override
                public void settled(io.marsad.kernel.event.EventBatch rows) {
                    follower.settled(rows);
                }
            });
            if (page.partial()) {
                budget.partial();
            }
            var none = new ArrayList<List<@Nullable Object>>();
            for (int i = 0; i < page.events().rows(); i++) {
                none.add(List.of());
            }
            // A head that is reached has no next page.
            return answer(
                    new Answer.Events(page.events(), none),
                    List.of(),
                    most < Ask.MOST_ROWS ? null : page.next(),
                    page.scannedEvents());
        }

        private Answer answer(
                Answer.Rows rows, List<Column> columns, EventSearch.@Nullable Position next, long scanned) {
            var progress = budget.progress();
            return new Answer(
                    rows,
                    columns,
                    next,
                    budget.ended(),
                    budget.cuts(),
                    new SearchProgress(
                            Math.max(scanned, progress.scannedEvents()),
                            progress.scannedBytes(),
                            progress.totalBytes(),
                            progress.found()),
                    budget.tookNanos());
        }

        private Answer last(Chain chain, @Nullable List<Row> rows) throws IOException {
            boolean table = shape.isTable();
            if (!table) {
                shape.wantWhole();
            }
            var kept = new Kept(table ? Ask.MOST_ROWS : ask.limit(), budget);
            feed(chain, rows, kept, true);
            if (table) {
                return answer(kept.table(shape), shape.columns(), null, 0);
            }
            var next = chain.isPaged() ? kept.next() : null;
            if (next == null && kept.more()) {
                budget.cut("there are more than " + ask.limit() + " events");
            }
            return answer(kept.events(ask.tenant(), shape), visible(shape.columns()), next, 0);
        }

        /** Sends the rows through the chain. */
        private void feed(Chain chain, @Nullable List<Row> rows, Step last, boolean rowsAreTheAnswer)
                throws IOException {
            var first = chain.to(last);
            if (rows != null) {
                for (var row : rows) {
                    if (!first.take(row)) {
                        break;
                    }
                }
                first.end();
                return;
            }
            var events = new Events(store, ask, where, budget);
            if (chain.needsOrder() || rowsAreTheAnswer && !chain.isSorted()) {
                events.newestFirst(first);
            } else {
                events.anyOrder(first, shape);
            }
            first.end();
        }
    }
}
