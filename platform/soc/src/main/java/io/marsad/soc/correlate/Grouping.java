package io.marsad.soc.correlate;

import io.marsad.soc.correlate.Story.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the groups are, worked out when somebody asks and remembered until an edge near it changes.
 *
 * <p>First, what analysts said. Then alert by alert, in the order of their times, and of each its links to earlier ones, the
 * weightiest first: a link joins two clusters unless they would become too large or were said to be apart. So an alert that comes
 * in order changes nothing before it. Last, alerts that no link holds hang on the cluster that their weightiest edge leads to, or
 * on another such alert when each is the other's weightiest.
 */
final class Grouping {
    private static final Comparator<Link> WEIGHTIEST =
            Comparator.comparingDouble(Link::weight).reversed().thenComparing(Link::other, Story.ORDER);

    private final Parameters parameters;
    private final Constraints constraints;
    private final Map<String, Story> byId;
    /** How often something changed. */
    private long changes;

    Grouping(Parameters parameters, Constraints constraints, Map<String, Story> byId) {
        this.parameters = parameters;
        this.constraints = constraints;
        this.byId = byId;
    }

    /** The alerts of the group that an alert is in, in order. */
    List<Story> group(Story story) {
        if (!isAlone(story)) {
            return with(cluster(story));
        }
        var hold = hold(story);
        if (hold == null) {
            return List.of(story);
        }
        var group = isAlone(hold.other()) ? pair(story, hold.other()) : with(cluster(hold.other()));
        return group.contains(story) ? group : List.of(story);
    }

    /** Which alerts are in the group that an alert is in. */
    Predicate<Story> sharers(Story story) {
        if (isAlone(story)) {
            var group = Set.copyOf(group(story));
            return group::contains;
        }
        var cluster = cluster(story);
        return other -> isAlone(other) ? group(other).contains(story) : cluster(other) == cluster;
    }

    /** Says that anything may have changed: to be said after every change. */
    void changed() {
        changes++;
    }

    /** Puts a new alert, whose coming changed no other edges, where working all out again would put it. */
    void extend(Story story) {
        boolean isPlain = isUnmentioned(story);
        for (Link link : story.back()) {
            if (isLink(link)) {
                var cluster = link.other().cluster;
                isPlain &= cluster != null && !cluster.component().isMentioned();
            }
        }
        if (isPlain) {
            new Cluster(story, new Component());
            join(story, true);
        } else {
            forget(story);
        }
    }

    /** Says that what is around an alert has to be worked out again. */
    void forget(Story story) {
        if (story.cluster != null) {
            story.cluster.component().forget();
        }
        linked(story, other -> {
            if (other.cluster != null) {
                other.cluster.component().forget();
            }
        });
    }

    private Cluster cluster(Story story) {
        if (story.cluster == null) {
            resolve(story);
        }
        var found = story.cluster;
        if (found == null) {
            throw new IllegalStateException("an alert without a group");
        }
        return found;
    }

    /** Works out the component that an alert is in. */
    private void resolve(Story of) {
        var stories = connected(of);
        var component = new Component();
        boolean isPlain = true;
        for (Story story : stories) {
            new Cluster(story, component);
            isPlain &= isUnmentioned(story);
        }
        if (!isPlain) {
            component.mention();
            for (Story story : stories) {
                for (String id : constraints.together(story.id())) {
                    var other = byId.get(id);
                    if (other != null) {
                        unite(cluster(story), cluster(other));
                    }
                }
            }
        }
        for (Story story : stories) {
            join(story, isPlain);
        }
    }

    /** Joins an alert's cluster with those of the earlier alerts that it is linked with. */
    private void join(Story story, boolean isPlain) {
        for (Link link : story.back()) {
            if (isLink(link)) {
                var here = cluster(story);
                var there = cluster(link.other());
                there.component().absorb(here.component());
                if (here != there
                        && here.size() + there.size() <= parameters.maxGroup()
                        && (isPlain || !areApart(here, there))) {
                    unite(here, there);
                }
            }
        }
    }

    private static void unite(Cluster one, Cluster other) {
        if (one != other) {
            boolean isLarger = one.size() > other.size();
            (isLarger ? one : other).absorb(isLarger ? other : one);
        }
    }

    private boolean areApart(Cluster one, Cluster other) {
        if (constraints.noneApart()) {
            return false;
        }
        for (Story story : one.stories()) {
            for (String id : constraints.apart(story.id())) {
                var apart = byId.get(id);
                if (apart != null && apart.cluster == other) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isUnmentioned(Story story) {
        return constraints.together(story.id()).isEmpty()
                && constraints.apart(story.id()).isEmpty();
    }

    /** A cluster with the alerts that hang on it, weightiest first as far as there is room. */
    private List<Story> with(Cluster cluster) {
        var hanging = new ArrayList<Link>();
        var seen = new HashSet<Story>();
        for (Story story : cluster.stories()) {
            for (Story other : story.lone()) {
                if (isAlone(other) && seen.add(other)) {
                    var hold = hold(other);
                    if (hold != null && !isAlone(hold.other()) && cluster(hold.other()) == cluster) {
                        hanging.add(new Link(other, hold.weight()));
                    }
                }
            }
        }
        if (hanging.isEmpty()) {
            return List.copyOf(cluster.stories());
        }
        hanging.sort(WEIGHTIEST);
        var group = new ArrayList<>(cluster.stories());
        var hung = new HashSet<String>();
        for (Link link : hanging) {
            var id = link.other().id();
            if (group.size() < parameters.maxGroup()
                    && constraints.apart(id).stream().noneMatch(hung::contains)) {
                group.add(link.other());
                hung.add(id);
            }
        }
        group.sort(Story.ORDER);
        return group;
    }

    private static List<Story> pair(Story one, Story other) {
        return Story.ORDER.compare(one, other) < 0 ? List.of(one, other) : List.of(other, one);
    }

    /** Whether no link and no analyst puts it anywhere. */
    private boolean isAlone(Story story) {
        if (story.hasLinks()) {
            return false;
        }
        var together = constraints.together(story.id());
        return together.isEmpty() || together.stream().noneMatch(byId::containsKey);
    }

    /** What an alert that is alone hangs on: the weightiest in a cluster, else another that is alone and thinks the same. */
    private @Nullable Link hold(Story story) {
        var best = best(story);
        if (best == null || !isAlone(best.other())) {
            return best;
        }
        var back = best(best.other());
        return back != null && back.other() == story ? best : null;
    }

    /** Its weightiest edge, those to clusters first; asked often between two changes. */
    private @Nullable Link best(Story story) {
        if (story.bestAt != changes) {
            story.best = find(story);
            story.bestAt = changes;
        }
        return story.best;
    }

    private @Nullable Link find(Story story) {
        var weak = new ArrayList<>(story.back());
        for (Story later : story.forward()) {
            weak.add(new Link(later, later.weightTo(story)));
        }
        Link best = null;
        boolean isBestAlone = true;
        for (Link link : weak) {
            boolean isAlone = isAlone(link.other());
            boolean isBetter =
                    best == null || (isAlone == isBestAlone ? WEIGHTIEST.compare(link, best) < 0 : isBestAlone);
            if (isBetter && !isApart(story, link.other(), isAlone)) {
                best = link;
                isBestAlone = isAlone;
            }
        }
        return best;
    }

    private boolean isApart(Story story, Story other, boolean isAlone) {
        var apart = constraints.apart(story.id());
        return !apart.isEmpty()
                && (isAlone
                        ? apart.contains(other.id())
                        : cluster(other).stories().stream().anyMatch(each -> apart.contains(each.id())));
    }

    private boolean isLink(Link link) {
        return link.weight() >= parameters.link();
    }

    /** In order. */
    private Set<Story> connected(Story story) {
        Set<Story> found = new TreeSet<>(Story.ORDER);
        var next = new ArrayDeque<Story>();
        found.add(story);
        next.add(story);
        while (!next.isEmpty()) {
            linked(next.remove(), other -> {
                if (found.add(other)) {
                    next.add(other);
                }
            });
        }
        return found;
    }

    private void linked(Story story, Consumer<Story> to) {
        for (Link link : story.back()) {
            if (isLink(link)) {
                to.accept(link.other());
            }
        }
        for (Story later : story.forward()) {
            if (later.hasLinks() && later.weightTo(story) >= parameters.link()) {
                to.accept(later);
            }
        }
        for (String id : constraints.together(story.id())) {
            var other = byId.get(id);
            if (other != null) {
                to.accept(other);
            }
        }
    }
}
