package io.marsad.store.query.run;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventScan;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.SearchProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** Reads events out of the store into the first step. */
final class Events {
    private static final int FIRST_PAGE = 256;
    private static final int LARGEST_PAGE = 4_096;

    /** Wanted where no field is: a scan without fields would give whole events. */
    private static final Field SMALL = Field.of("class_uid");

    private final EventStore store;
    private final Ask ask;
    private final Predicate where;
    private final Budget budget;

    Events(EventStore store, Ask ask, Predicate where, Budget budget) {
        this.store = store;
        this.ask = ask;
        this.where = where;
        this.budget = budget;
    }

    /** Page by page, so that who has enough early is not charged for everything. */
    void newestFirst(Step first) throws IOException {
        var after = ask.after();
        int size = FIRST_PAGE;
        long scanned = 0;
        long found = 0;
        boolean goOn = true;
        while (goOn) {
            long before = scanned;
            long foundBefore = found;
            var page = store.search(
                    new EventSearch(ask.tenant(), ask.from(), ask.to(), where, size, after, budget.left(), ask.came()),
                    now -> budget.goOn(new SearchProgress(
                            before + now.scannedEvents(),
                            now.scannedBytes(),
                            now.totalBytes(),
                            foundBefore + now.found())));
            scanned += page.scannedEvents();
            found += page.events().rows();
            for (int row = 0; row < page.events().rows() && goOn; row++) {
                goOn = first.take(Row.ofEvent(page.events(), row));
            }
            var last = budget.progress();
            goOn &= budget.goOn(new SearchProgress(scanned, last.scannedBytes(), last.totalBytes(), found));
            if (page.partial() && goOn) {
                budget.partial();
            }
            after = page.next();
            goOn &= after != null && !page.partial();
            size = Math.min(LARGEST_PAGE, size * 4);
        }
    }

    /** All of them, with the wanted fields only where that is enough. */
    void anyOrder(Step first, Shape shape) throws IOException {
        Set<Field> fields = shape.wantsWhole() ? Set.of() : shape.wanted();
        if (fields.isEmpty() && !shape.wantsWhole()) {
            fields = Set.of(SMALL);
        }
        store.scan(new EventScan(ask.tenant(), ask.from(), ask.to(), where, fields, ask.came()), (rows, progress) -> {
            try {
                boolean goOn = budget.goOn(progress);
                for (int row = 0; row < rows.rows() && goOn; row++) {
                    goOn = first.take(Row.ofEvent(rows, row));
                }
                return goOn;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
