package io.marsad.server.pipeline;

import io.marsad.ingest.worker.Finding;
import io.marsad.ingest.worker.Listing;
import io.marsad.kernel.event.EventBatch;
import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSet;
import io.marsad.soc.indicator.StreamIndicators;
import java.util.List;

/** Looks for what the tenant lists. One thread uses it. */
public final class TenantListing implements Listing {
    private final StreamIndicators stream;
    private final IndicatorMatcher matcher = new IndicatorMatcher();

    public TenantListing(StreamIndicators stream) {
        this.stream = stream;
    }

    @Override
    public void look(EventBatch events, int from, List<Finding> out) {
        if (from >= events.rows()) {
            return;
        }
        var sets = stream.borrow(events.tenant());
        try {
            for (IndicatorSet set : sets) {
                matcher.match(
                        set,
                        events,
                        from,
                        (row, entry, indicator) -> out.add(new Finding.OnListed(events, row, entry, indicator)));
            }
        } finally {
            sets.forEach(IndicatorSet::release);
        }
    }
}
