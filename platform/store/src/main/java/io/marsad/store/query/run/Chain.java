package io.marsad.store.query.run;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.query.Stage;
import io.marsad.store.query.run.Column.Type;
import io.marsad.store.query.run.Lookups.LookupList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes steps of stages that go from row to row, one after the other. */
final class Chain {
    /** The most rows of a table that are sorted. */
    private static final int MOST_SORTED = 100_000;

    private final Ask ask;
    private final Lookups lookups;
    private final Budget budget;
    private final Shape shape;
    private final List<UnaryOperator<Step>> steps = new ArrayList<>();
    private boolean ordered;
    private boolean sorted;
    private boolean paged = true;

    Chain(Ask ask, Lookups lookups, Budget budget, Shape shape) {
        this.ask = ask;
        this.lookups = lookups;
        this.budget = budget;
        this.shape = shape;
    }

    /** Does the answer depend on rows coming newest first? */
    boolean needsOrder() {
        return ordered;
    }

    /** Are the rows in an order of their own behind the last stage, whatever order they came in? */
    boolean isSorted() {
        return sorted;
    }

    /** Does every row of the answer come from one event by itself, so that a page can go on where another ended? */
    boolean isPaged() {
        return paged;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    Step to(Step last) {
        var first = last;
        for (var step : steps.reversed()) {
            first = step.apply(first);
        }
        return first;
    }

    /** @param next what comes after the stage, or null */
    void add(Stage stage, @Nullable Stage next) {
        switch (stage) {
            case Stage.Where where -> {
                var asking = new Asking(where.condition(), shape, ask.tenant());
                each(asking::test);
            }
            case Stage.Eval(List<Stage.Assignment> assignments) -> assignments.forEach(this::eval);
            case Stage.Rename(List<Stage.Renaming> renamings) -> renamings.forEach(this::rename);
            case Stage.Lookup lookup -> lookup(lookup);
            case Stage.Fields(boolean drop, List<String> names) -> {
                if (drop) {
                    drop(names);
                } else {
                    project(names);
                }
            }
            case Stage.Head(int rows) -> {
                inOrder();
                steps.add(then -> Step.head(rows, then));
            }
            case Stage.Tail(int rows) -> {
                inOrder();
                steps.add(then -> Sorting.tail(rows, budget, then));
            }
            case Stage.Dedup(List<String> names) -> {
                inOrder();
                var of = names.stream().map(shape::get).toList();
                steps.add(then -> Sorting.dedup(of, budget, then));
            }
            case Stage.Sort(List<Stage.Order> orders) -> sort(orders, next);
            case Stage.Stats _, Stage.Timechart _, Stage.Frequent _ ->
                throw new IllegalArgumentException("groups are made elsewhere");
        }
    }

    private void each(Step.Each each) {
        steps.add(then -> Step.each(each, then));
    }

    private void inOrder() {
        ordered |= !sorted;
        paged = false;
    }

    private void sort(List<Stage.Order> orders, @Nullable Stage next) {
        var by = orders.stream()
                .map(order -> new Sorting.By(shape.get(order.name()), order.descending()))
                .toList();
        boolean head = next instanceof Stage.Head;
        int most = next instanceof Stage.Head(int rows) ? rows : shape.isTable() ? MOST_SORTED : Ask.MOST_ROWS;
        steps.add(then -> Sorting.sort(by, most, !head, budget, then));
        sorted = true;
        paged = false;
    }

    private void eval(Stage.Assignment assignment) {
        var evaluator = new Evaluator(shape, ask.now());
        var value = evaluator.compile(assignment.value());
        set(assignment.name(), evaluator.type(assignment.value()), value);
    }

    private void set(String name, Type type, Computed value) {
        int at = shape.make(name, type);
        each(row -> {
            row.set(at, value.of(row));
            return true;
        });
    }

    /** A table's column gets another name; to events the value is added under the new one. */
    private void rename(Stage.Renaming renaming) {
        if (!shape.isTable()) {
            set(renaming.to(), shape.type(renaming.from()), shape.get(renaming.from()));
            return;
        }
        int at = shape.find(renaming.from());
        if (at < 0 || renaming.from().equals(renaming.to())) {
            return;
        }
        var columns = new ArrayList<Column>();
        for (var column : shape.columns()) {
            // What has the new name already makes room for it.
            columns.add(column.name().equals(renaming.to()) ? new Column("", Type.ANY) : column);
        }
        columns.set(at, new Column(renaming.to(), columns.get(at).type()));
        shape.table(columns);
        project(columns.stream()
                .map(Column::name)
                .filter(name -> !name.isEmpty())
                .toList());
    }

    private void drop(List<String> names) {
        if (!shape.isTable()) {
            names.forEach(shape::drop);
            return;
        }
        project(shape.columns().stream()
                .map(Column::name)
                .filter(name -> !names.contains(name))
                .toList());
    }

    private void project(List<String> names) {
        var columns =
                names.stream().map(name -> new Column(name, shape.type(name))).toList();
        var values = names.stream().map(shape::get).toList();
        shape.table(columns);
        steps.add(then -> new Step() {
            @Override
            public boolean take(Row row) throws java.io.IOException {
                var cells = new @Nullable Object[values.size()];
                for (int i = 0; i < cells.length; i++) {
                    cells[i] = values.get(i).of(row);
                }
                return then.take(Row.ofTable(cells));
            }

            @Override
            public void end() throws java.io.IOException {
                then.end();
            }
        });
    }

    private void lookup(Stage.Lookup lookup) {
        var list = find(ask.tenant(), lookup.list());
        var output = lookup.output().isEmpty()
                ? list.columns().stream()
                        .map(name -> new Stage.Renaming(name, name))
                        .toList()
                : lookup.output();
        var key = shape.get(lookup.on());
        var from = new int[output.size()];
        var to = new int[output.size()];
        for (int i = 0; i < from.length; i++) {
            from[i] = list.columns().indexOf(output.get(i).from());
            if (from[i] < 0) {
                throw Problem.badRequest(
                                "invalid-query",
                                "The list '" + lookup.list() + "' has no column '"
                                        + output.get(i).from() + "'; it has " + String.join(", ", list.columns()) + ".")
                        .asException();
            }
            to[i] = shape.make(output.get(i).to(), Type.TEXT);
        }
        each(row -> {
            List<@Nullable String> entry = null;
            for (var item : Values.items(key.of(row))) {
                var text = Values.text(item);
                entry = entry == null && text != null ? list.find(text) : entry;
            }
            for (int i = 0; i < from.length; i++) {
                row.set(to[i], entry == null ? null : entry.get(from[i]));
            }
            return true;
        });
    }

    private LookupList find(TenantId tenant, String name) {
        var list = lookups.find(tenant, name);
        if (list == null) {
            var names = lookups.names(tenant);
            throw Problem.badRequest(
                            "invalid-query",
                            "There is no list '" + name + "'"
                                    + (names.isEmpty() ? "." : "; there are " + String.join(", ", names) + "."))
                    .asException();
        }
        return list;
    }
}
