package io.marsad.store.query.run;

import io.marsad.kernel.store.SummaryTable;
import io.marsad.store.query.Stage;

/** The stages that make groups: what they count, and the tables that become of it. */
final class Groups {
    private final Ask ask;
    private final Tables tables;

    /** @param shape before the stage */
    Groups(Ask ask, Shape shape, Budget budget) {
        this.ask = ask;
        tables = new Tables(ask, shape, budget);
    }

    static boolean makes(Stage stage) {
        return stage instanceof Stage.Stats || stage instanceof Stage.Timechart || stage instanceof Stage.Frequent;
    }

    Grouping grouping(Stage stage) {
        return switch (stage) {
            case Stage.Stats stats -> Grouping.of(stats);
            case Stage.Timechart chart -> Grouping.of(chart, Tables.span(chart, ask));
            case Stage.Frequent frequent -> Grouping.of(frequent);
            default -> throw new IllegalArgumentException("no groups are made by " + stage);
        };
    }

    Tables.Made table(Stage stage, SummaryTable counted) {
        return switch (stage) {
            case Stage.Stats stats -> tables.stats(Grouping.of(stats), counted);
            case Stage.Timechart chart -> tables.timechart(chart, Tables.span(chart, ask), counted);
            case Stage.Frequent frequent -> tables.frequent(frequent, counted);
            default -> throw new IllegalArgumentException("no groups are made by " + stage);
        };
    }
}
