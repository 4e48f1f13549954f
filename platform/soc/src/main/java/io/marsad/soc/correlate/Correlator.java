package io.marsad.soc.correlate;

import io.marsad.soc.correlate.Story.Link;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Groups one tenant's alerts as they come. What the groups are depends on the alerts that it has and on what analysts said,
 * never on the order in which they came. Alerts may come late, change (the same id again) and go. Nothing is worked out before
 * somebody asks, and then only what changed; see {@code docs/reference/grouping.md}.
 *
 * <p>Memory is bounded by {@link Parameters#maxAlerts}. Times are the alerts' own: whoever feeds it keeps those out that lie in
 * the future. Not thread-safe.
 */
public final class Correlator {
    /** Edges to earlier alerts that an alert keeps, the weightiest. */
    private static final int MAX_LINKS = 32;

    private static final Comparator<Link> WEIGHTIEST =
            Comparator.comparingDouble(Link::weight).reversed().thenComparing(Link::other, Story.ORDER.reversed());

    private final Parameters parameters;
    private final Index index;
    private final Constraints constraints = new Constraints();
    private final Map<String, Story> byId = new HashMap<>();
    private final TreeSet<Story> stories = new TreeSet<>(Story.ORDER);
    private final Grouping grouping;

    private Instant horizon = Instant.MIN;

    public Correlator(Parameters parameters) {
        this.parameters = parameters;
        this.index = new Index(parameters.busyDays());
        this.grouping = new Grouping(parameters, constraints, byId);
    }

    public int size() {
        return byId.size();
    }

    /**
     * Takes an alert, or what became of one.
     *
     * @return whether it is kept: not when it ended before what was forgotten, or there are enough newer ones
     */
    public boolean add(AlertFact fact) {
        remove(fact.id());
        if (fact.end().isBefore(horizon)) {
            return false;
        }
        grouping.changed();
        var story = new Story(fact, parameters);
        byId.put(story.id(), story);
        stories.add(story);
        var changed = index.add(story);
        relink(story);
        if (changed.isEmpty()) {
            grouping.extend(story);
        } else {
            grouping.forget(story);
            changed.forEach(this::reweigh);
        }
        if (stories.size() > parameters.maxAlerts()) {
            var oldest = stories.getFirst();
            remove(oldest.id());
            return oldest != story;
        }
        return true;
    }

    /** Takes an alert away; nothing happens when it is not here. */
    public void remove(String id) {
        var story = byId.remove(id);
        if (story != null) {
            grouping.changed();
            stories.remove(story);
            grouping.forget(story);
            var changed = index.remove(story);
            changed.addAll(story.forward());
            story.disconnect(parameters.link());
            List.copyOf(story.forward()).forEach(later -> later.disconnect(parameters.link()));
            changed.forEach(this::reweigh);
        }
    }

    /** Forgets the alerts that ended before, and takes none any more: groups that are that old do not grow. */
    public void forgetBefore(Instant time) {
        if (time.isAfter(horizon)) {
            horizon = time;
            stories.stream()
                    .filter(story -> story.fact.end().isBefore(time))
                    .toList()
                    .forEach(story -> remove(story.id()));
        }
    }

    /**
     * An analyst says that two alerts belong together. They need not be here (yet).
     *
     * @throws IllegalArgumentException when that contradicts what was said before
     */
    public void together(String one, String other) {
        constraints.together(one, other);
        forget(one, other);
    }

    /**
     * An analyst says that two alerts do not belong together. To split a group, say of each side that it belongs together,
     * and of one alert of either side that they are apart.
     *
     * @throws IllegalArgumentException when that contradicts what was said before
     */
    public void apart(String one, String other) {
        constraints.apart(one, other);
        forget(one, other);
    }

    /** Takes back what was said of two alerts. */
    public void release(String one, String other) {
        forget(one, other);
        constraints.release(one, other);
        forget(one, other);
    }

    /** All groups, those of one alert too, by their first alerts. Whoever feeds alerts singly asks {@link #groupOf}. */
    public List<Group> groups() {
        var seen = new HashSet<Story>();
        var groups = new ArrayList<Group>();
        for (Story story : stories) {
            if (!seen.contains(story)) {
                var group = grouping.group(story);
                seen.addAll(group);
                groups.add(group(group));
            }
        }
        return groups;
    }

    /** The group that an alert is in; none when the alert is not here. */
    public Optional<Group> groupOf(String id) {
        return Optional.ofNullable(byId.get(id)).map(story -> group(grouping.group(story)));
    }

    /** The edges from an alert to others of its group that can do anything, the weightiest first: why it is where it is. */
    public List<Edge> edgesOf(String id) {
        var story = byId.get(id);
        if (story == null) {
            return List.of();
        }
        var isSharer = grouping.sharers(story);
        var scorer = new Scorer(parameters, index, story);
        var earlier = story.back().stream().map(Link::other).filter(isSharer).map(scorer::edge);
        var later = story.forward().stream().filter(isSharer).map(other -> edge(other, story));
        return Stream.concat(earlier, later)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Edge::weight)
                        .reversed()
                        .thenComparing(Edge::earlier)
                        .thenComparing(Edge::later))
                .toList();
    }

    /** What two alerts share, whether or not it is enough; none when it is nothing, or one of them is not here. */
    public Optional<Edge> edge(String one, String other) {
        var a = byId.get(one);
        var b = byId.get(other);
        return a == null || b == null || a == b ? Optional.empty() : edge(a, b);
    }

    /** The same alerts and the same words of analysts under other parameters: what a change would do, before it is made. */
    public Correlator with(Parameters other) {
        var copy = new Correlator(other);
        copy.horizon = horizon;
        constraints.copyTo(copy.constraints);
        stories.forEach(story -> copy.add(story.fact));
        return copy;
    }

    /** Ids of all alerts, by start, then id. */
    public List<String> alerts() {
        return stories.stream().map(Story::id).toList();
    }

    private static Group group(List<Story> group) {
        return new Group(group.getFirst().id(), group.stream().map(Story::id).toList());
    }

    private void reweigh(Story story) {
        grouping.forget(story);
        relink(story);
        grouping.forget(story);
    }

    private void relink(Story story) {
        story.disconnect(parameters.link());
        var scorer = new Scorer(parameters, index, story);
        var links = new ArrayList<Link>();
        for (Story earlier : index.candidates(story, scorer.keys())) {
            double weight = scorer.weight(earlier);
            if (weight >= parameters.attach()) {
                links.add(new Link(earlier, weight));
            }
        }
        links.sort(WEIGHTIEST);
        story.connect(links.subList(0, Math.min(MAX_LINKS, links.size())), parameters.link());
    }

    private Optional<Edge> edge(Story one, Story other) {
        boolean isInOrder = Story.ORDER.compare(one, other) < 0;
        return new Scorer(parameters, index, isInOrder ? other : one).edge(isInOrder ? one : other);
    }

    private void forget(String... ids) {
        grouping.changed();
        for (String id : ids) {
            var story = byId.get(id);
            if (story != null) {
                grouping.forget(story);
            }
        }
    }
}
