package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.DetectionSink;
import io.marsad.sigma.RuleMatcher;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Detects by Sigma rules and correlations. One thread detects; any thread may {@link #replace} the rules. */
public final class SigmaDetector implements Detector {
    private RuleMatcher matcher;
    private CorrelationState state = new CorrelationState();
    private volatile @Nullable RuleMatcher next;
    private final Sink sink = new Sink();

    /** @param matcher this detector's own: {@link RuleMatcher#copy} for each */
    public SigmaDetector(RuleMatcher matcher) {
        this.matcher = matcher;
    }

    /** Uses other rules from the next event on; correlations that read the same keep what they remember. */
    public void replace(RuleMatcher ownCopy) {
        next = ownCopy;
    }

    @Override
    public void detect(EventBatch events, int row, List<Finding> out) {
        var other = next;
        if (other != null) {
            next = null;
            matcher = other;
            state.retain(other.rules());
        }
        sink.out = out;
        matcher.match(events, row, sink);
    }

    @Override
    public byte[] snapshot() {
        return state.snapshot();
    }

    @Override
    public void restore(byte[] snapshot) throws IOException {
        state = CorrelationState.restore(snapshot, matcher.rules());
    }

    private final class Sink implements DetectionSink {
        private List<Finding> out = new ArrayList<>();

        @Override
        public void detected(SigmaRule rule, EventBatch batch, int row) {
            out.add(new Finding.OnEvent(rule, batch, row));
        }

        @Override
        public void contributed(Correlation correlation, Correlation.Member member, EventBatch batch, int row) {
            state.add(correlation, member, batch, row, match -> out.add(new Finding.OnEvents(match, batch, row)));
        }
    }
}
