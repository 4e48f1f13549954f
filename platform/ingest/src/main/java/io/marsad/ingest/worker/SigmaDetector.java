package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationLimits;
import io.marsad.sigma.correlation.CorrelationState;
import io.marsad.sigma.correlation.CorrelationUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects by Sigma rules and correlations. One thread detects; any thread may {@link #replace} the rules. */
public final class SigmaDetector implements Detector {
    private RuleMatcher matcher;
    private final CorrelationLimits limits;
    private CorrelationState state;
    private volatile List<CorrelationUsage> usage = List.of();
    private volatile @Nullable RuleMatcher next;
    private final Sink sink = new Sink();

    /** @param matcher this detector's own: {@link RuleMatcher#copy} for each */
    public SigmaDetector(RuleMatcher matcher) {
        this(matcher, CorrelationLimits.standard());
    }

    public SigmaDetector(RuleMatcher matcher, CorrelationLimits limits) {
        this.matcher = matcher;
        this.limits = limits;
        state = new CorrelationState(matcher.rules(), limits);
    }

    /** What correlations remember, as of a moment ago. Any thread may ask. */
    public List<CorrelationUsage> usage() {
        return usage;
    }

    /** Uses other rules from the next event on; correlations that read the same keep what they remember. */
    public void replace(RuleMatcher ownCopy) {
        next = ownCopy;
    }

    @Override
    public void detect(EventBatch events, int row, List<Finding> out) {
        takeNext();
        sink.out = out;
        matcher.match(events, row, sink);
    }

    private void takeNext() {
        var other = next;
        if (other != null) {
            next = null;
            matcher = other;
            state.retain(other.rules());
        }
    }

    @Override
    public void advance(long received, Map<TenantId, List<Finding>> out) {
        takeNext();
        state.advance(
                received,
                match -> out.computeIfAbsent(match.tenant(), t -> new ArrayList<>())
                        .add(new Finding.OnEvents(match, null)));
        usage = List.copyOf(state.usage());
    }

    @Override
    public void forget(TenantId tenant) {
        state.forget(tenant);
        usage = List.copyOf(state.usage());
    }

    @Override
    public byte[] snapshot() {
        return state.snapshot();
    }

    @Override
    public void restore(byte[] snapshot) throws IOException {
        state = CorrelationState.restore(snapshot, matcher.rules(), limits);
    }

    private final class Sink implements DetectionSink {
        private List<Finding> out = new ArrayList<>();

        @Override
        public void detected(SigmaRule rule, EventBatch batch, int row) {
            out.add(new Finding.OnEvent(rule, batch, row));
        }

        @Override
        public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
            state.add(correlation, member, batch, row, match -> out.add(new Finding.OnEvents(match, batch)));
        }
    }
}
