package io.marsad.soc.correlate;

import io.marsad.soc.correlate.Observable.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An alert in memory: its names by key, and its edges as far as they do anything. */
final class Story {
    static final Comparator<Story> ORDER =
            Comparator.<Story>comparingLong(s -> s.start).thenComparing(Story::id);
    private static final int MAX_PARTNERS = 8;
    private static final long DAY = 86_400_000L;

    /** An edge to another alert, explained only when somebody asks. */
    record Link(Story other, double weight) {}

    /** A name here, and what it is a name of. */
    record Mention(Key key, Observable observable, int index) {}

    final AlertFact fact;
    /** Milliseconds since 1970. */
    final long start;

    final long end;
    final int day;
    final Map<String, Mention> mentions = new HashMap<>();
    /** Each observable's partners: the machines and accounts beside it. */
    private final List<String> assets = new ArrayList<>();

    final List<String> egress;

    /** To alerts before this one, the weightiest first. */
    private List<Link> back = List.of();
    /** The alerts after this one that have an edge to it. */
    private final Set<Story> forward = new LinkedHashSet<>();

    /** How many edges, to earlier and later ones, are enough to join groups. */
    private int links;

    /** Those alerts of an edge with it that have no link at all. */
    private final Set<Story> lone = new HashSet<>(0);

    /** Where links put it; null until somebody asks, and again when a link near it changes. */
    @Nullable
    Cluster cluster;

    /** {@link Grouping}'s, of the change with that number. */
    @Nullable
    Link best;

    long bestAt = -1;

    Story(AlertFact fact, Parameters parameters) {
        this.fact = fact;
        this.start = fact.start().toEpochMilli();
        this.end =
                Math.min(fact.end().toEpochMilli(), start + parameters.longest().toMillis());
        this.day = day(start);
        this.egress = fact.egress().stream()
                .map(Addresses::normal)
                .filter(Objects::nonNull)
                .map(address -> "ip:" + address)
                .distinct()
                .toList();
        for (int i = 0; i < fact.observables().size(); i++) {
            var observable = fact.observables().get(i);
            for (Key key : observable.keys()) {
                mentions.merge(key.text(), new Mention(key, observable, i), Story::firmer);
            }
            assets.add(
                    observable.kind().isAsset() && observable.role() != Role.RELATED && assetCount() < MAX_PARTNERS
                            ? observable.keys().getFirst().text()
                            : "");
        }
    }

    private long assetCount() {
        return assets.stream().filter(asset -> !asset.isEmpty()).count();
    }

    private static Mention firmer(Mention some, Mention other) {
        return other.observable.grip(other.key).compareTo(some.observable.grip(some.key)) > 0 ? other : some;
    }

    List<Link> back() {
        return back;
    }

    Set<Story> forward() {
        return forward;
    }

    /** Whether it has edges that join, whatever came of them. */
    boolean hasLinks() {
        return links > 0;
    }

    /** The alerts without links that have an edge with it: those that may hang on it. */
    Set<Story> lone() {
        return lone;
    }

    /** Sets the edges to earlier alerts, of which there are none now. */
    void connect(List<Link> edges, double threshold) {
        back = List.copyOf(edges);
        for (Link link : back) {
            link.other.forward.add(this);
            if (!link.other.hasLinks()) {
                lone.add(link.other);
            }
            if (!hasLinks()) {
                link.other.lone.add(this);
            }
        }
        for (Link link : back) {
            if (link.weight >= threshold) {
                gain();
                link.other.gain();
            }
        }
    }

    /** Takes the edges to earlier alerts away. */
    void disconnect(double threshold) {
        for (Link link : back) {
            if (link.weight >= threshold) {
                lose();
                link.other.lose();
            }
        }
        for (Link link : back) {
            lone.remove(link.other);
            link.other.lone.remove(this);
            link.other.forward.remove(this);
        }
        back = List.of();
    }

    private void gain() {
        if (links++ == 0) {
            near(other -> other.lone.remove(this));
        }
    }

    private void lose() {
        if (--links == 0) {
            near(other -> other.lone.add(this));
        }
    }

    String id() {
        return fact.id();
    }

    /** Machines and accounts beside the observable that a mention names. */
    List<String> partners(Mention of) {
        var partners = new ArrayList<String>();
        for (int i = 0; i < assets.size(); i++) {
            if (i != of.index && !assets.get(i).isEmpty()) {
                partners.add(assets.get(i));
            }
        }
        return partners;
    }

    /** Of the link to an earlier alert; 0 when there is none. */
    double weightTo(Story earlier) {
        for (Link link : back) {
            if (link.other == earlier) {
                return link.weight;
            }
        }
        return 0;
    }

    /** All alerts that it has an edge with. */
    private void near(Consumer<Story> to) {
        back.forEach(link -> to.accept(link.other));
        forward.forEach(to);
    }

    static int day(long millis) {
        return (int) Math.floorDiv(millis, DAY);
    }

    @Override
    public String toString() {
        return id();
    }
}
