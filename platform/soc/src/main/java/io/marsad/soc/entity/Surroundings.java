package io.marsad.soc.entity;

import io.marsad.soc.alert.Entity;
import io.marsad.soc.entity.EntityGraph.Blast;
import io.marsad.soc.entity.EntityGraph.Edge;
import io.marsad.soc.entity.EntityGraph.Leg;
import io.marsad.soc.entity.EntityGraph.Node;
import io.marsad.soc.entity.Reach.Link;
import io.marsad.soc.entity.Reach.Step;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Risk;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The alerts around an entity, some steps far, within bounds: an entity that more than {@link #MOST_OF_ONE} alerts name
 * connects nothing, and neither does a program or a file. Immutable.
 */
final class Surroundings {
    /** What more alerts name is gone through by everybody. */
    static final int MOST_OF_ONE = 200;

    private static final int STEPS = 6;
    private static final int MOST_ALERTS = 1_000;
    private static final int MOST_ENTITIES = 400;
    private static final int MOST_NODES = 60;
    private static final int MOST_EDGES = 200;
    private static final int EXAMPLES = 5;
    /** Ways to the entity that are tried. */
    private static final int MOST_WAYS = 50;

    private final List<Link> links;
    private final Map<EntityKey, String> values;
    private final Map<EntityKey, Integer> hops;
    private final Set<EntityKey> impassable;
    private final boolean cut;

    private Surroundings(
            List<Link> links,
            Map<EntityKey, String> values,
            Map<EntityKey, Integer> hops,
            Set<EntityKey> impassable,
            boolean cut) {
        this.links = links;
        this.values = values;
        this.hops = hops;
        this.impassable = impassable;
        this.cut = cut;
    }

    static Surroundings read(EntityRows rows, EntityKey start, Instant since) throws SQLException {
        var links = new TreeMap<UUID, Link>();
        var values = new TreeMap<EntityKey, String>();
        var hops = new TreeMap<EntityKey, Integer>();
        var impassable = new TreeSet<EntityKey>();
        boolean cut = false;
        hops.put(start, 0);
        Set<EntityKey> frontier = new TreeSet<>(Set.of(start));
        for (int step = 1; step <= STEPS && !frontier.isEmpty(); step++) {
            var wanted = new TreeSet<UUID>();
            for (var one : rows.alertsOf(frontier, since, MOST_OF_ONE + 1).entrySet()) {
                boolean many = one.getValue().size() > MOST_OF_ONE;
                if (many) {
                    impassable.add(one.getKey());
                    cut |= one.getKey().equals(start);
                }
                if (!many || one.getKey().equals(start)) {
                    wanted.addAll(one.getValue());
                }
            }
            wanted.removeAll(links.keySet());
            if (links.size() + wanted.size() > MOST_ALERTS) {
                cut = true;
                break;
            }
            var next = new TreeSet<EntityKey>();
            for (var link : rows.links(wanted, values)) {
                links.put(link.alert().uuid(), link);
                for (var entity : link.entities()) {
                    if (hops.putIfAbsent(entity, step) == null && entity.connects()) {
                        next.add(entity);
                    }
                }
            }
            cut |= hops.size() > MOST_ENTITIES;
            frontier = hops.size() > MOST_ENTITIES ? Set.of() : next;
        }
        return new Surroundings(List.copyOf(links.values()), values, hops, impassable, cut);
    }

    /** Those that a graph would show the risk of. */
    Collection<EntityKey> near(int most) {
        return hops.entrySet().stream()
                .filter(one -> one.getValue() <= most && one.getKey().bearsRisk())
                .map(Map.Entry::getKey)
                .toList();
    }

    EntityGraph graph(EntityKey start, int most, Map<EntityKey, Risk.Band> bands) {
        var counts = new TreeMap<EntityKey, Integer>();
        links.forEach(link -> link.entities().forEach(entity -> counts.merge(entity, 1, Integer::sum)));
        var nodes = new ArrayList<Node>();
        for (var one : hops.entrySet()) {
            var entity = one.getKey();
            if (one.getValue() <= most) {
                nodes.add(new Node(
                        entity,
                        values.getOrDefault(entity, entity.key()),
                        one.getValue(),
                        counts.getOrDefault(entity, 0),
                        bands.getOrDefault(entity, Risk.Band.NONE),
                        entity.connects() && !impassable.contains(entity)));
            }
        }
        nodes.sort(Comparator.comparingInt(Node::hop)
                .thenComparing(node -> node.entity().bearsRisk() ? 0 : 1)
                .thenComparing(Comparator.comparingInt(Node::alerts).reversed())
                .thenComparing(Node::entity));
        boolean less = cut || nodes.size() > MOST_NODES;
        var shown = nodes.subList(0, Math.min(nodes.size(), MOST_NODES));
        var edges = edges(shown);
        less |= edges.size() > MOST_EDGES;
        return new EntityGraph(
                start,
                most,
                shown,
                edges.subList(0, Math.min(edges.size(), MOST_EDGES)),
                path(start),
                blast(start, most),
                less);
    }

    private record Pair(EntityKey a, EntityKey b) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int first = a.compareTo(other.a);
            return first != 0 ? first : b.compareTo(other.b);
        }
    }

    private List<Edge> edges(List<Node> nodes) {
        var shown = new TreeSet<EntityKey>();
        nodes.forEach(node -> shown.add(node.entity()));
        var between = new TreeMap<Pair, List<Link>>();
        for (var link : links) {
            var both = link.entities().stream().filter(shown::contains).sorted().toList();
            for (int i = 0; i < both.size(); i++) {
                for (int j = i + 1; j < both.size(); j++) {
                    between.computeIfAbsent(new Pair(both.get(i), both.get(j)), _ -> new ArrayList<>())
                            .add(link);
                }
            }
        }
        var edges = new ArrayList<Edge>();
        between.forEach((pair, by) -> {
            by.sort(Comparator.comparing(Link::time)
                    .reversed()
                    .thenComparing(link -> link.alert().toString()));
            var examples = by.stream().limit(EXAMPLES).map(Link::alert).toList();
            edges.add(new Edge(
                    pair.a(),
                    pair.b(),
                    by.size(),
                    by.getLast().time(),
                    by.getFirst().time(),
                    examples));
        });
        edges.sort(Comparator.comparingInt(Edge::alerts)
                .reversed()
                .thenComparing(Edge::a)
                .thenComparing(Edge::b));
        return edges;
    }

    /** The links without what connects nothing. */
    private List<Link> passable(EntityKey start) {
        return links.stream()
                .map(link -> {
                    var through = new TreeSet<EntityKey>();
                    for (var entity : link.entities()) {
                        boolean passes = entity.connects() && !impassable.contains(entity);
                        if (passes || entity.equals(start)) {
                            through.add(entity);
                        }
                    }
                    return new Link(link.alert(), link.title(), link.time(), through);
                })
                .toList();
    }

    /** The way with the most steps: how it came to the entity and, not by way of the same ones again, where it went. */
    private List<Leg> path(EntityKey start) {
        var through = passable(start);
        var before = Reach.to(start, through, STEPS);
        var ways = new ArrayList<List<Step>>();
        bearers(before.reached(STEPS)).forEach(entity -> ways.add(before.path(entity)));
        ways.sort(Comparator.comparing(List<Step>::size).reversed());
        List<Step> best = List.of();
        for (var way : ways.subList(0, Math.min(ways.size(), MOST_WAYS))) {
            var on = onwards(start, through, way);
            best = way.size() + on.size() > best.size() ? joined(way, on) : best;
        }
        var onwards = onwards(start, through, List.of());
        best = onwards.size() > best.size() ? onwards : best;
        return best.stream()
                .map(step -> new Leg(
                        step.from(),
                        step.to(),
                        step.by().alert(),
                        step.by().title(),
                        step.by().time()))
                .toList();
    }

    private static List<Step> onwards(EntityKey start, List<Link> links, List<Step> way) {
        var used = new TreeSet<EntityKey>();
        way.forEach(step -> used.add(step.from()));
        var since = way.isEmpty() ? Instant.MIN : way.getLast().by().time();
        var left = new ArrayList<Link>();
        for (var link : links) {
            if (!link.time().isBefore(since)) {
                var others = new TreeSet<>(link.entities());
                others.removeAll(used);
                left.add(new Link(link.alert(), link.title(), link.time(), others));
            }
        }
        var reach = Reach.from(start, left, STEPS);
        return reach.longest(bearers(reach.reached(STEPS)));
    }

    private static List<Step> joined(List<Step> some, List<Step> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private Blast blast(EntityKey start, int most) {
        var reached = bearers(Reach.from(start, passable(start), most).reached(most));
        var byKind = new EnumMap<Entity.Kind, Integer>(Entity.Kind.class);
        reached.forEach(entity -> byKind.merge(entity.kind(), 1, Integer::sum));
        return new Blast(reached.size(), byKind, List.copyOf(reached));
    }

    private static Set<EntityKey> bearers(Set<EntityKey> entities) {
        var bearers = new TreeSet<EntityKey>();
        entities.stream().filter(EntityKey::bearsRisk).forEach(bearers::add);
        return bearers;
    }
}
