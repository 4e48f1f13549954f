package io.marsad.soc.entity;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Risk;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What alerts of the last {@link Entities#DAYS} days connect with an entity.
 *
 * @param nodes the entity first, then those of fewer hops and more alerts
 * @param edges between nodes, those of more alerts first
 * @param path the way of an attack by way of the entity: how it can have come there and where it went, in the order of time
 * @param blast hosts, users and others that bear risk and that can be reached from it in the order of time by at most
 *     {@code hops} alerts
 * @param cut nodes, edges or alerts were left out because there are too many
 */
public record EntityGraph(
        EntityKey entity, int hops, List<Node> nodes, List<Edge> edges, List<Leg> path, Blast blast, boolean cut) {
    public EntityGraph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        path = List.copyOf(path);
    }

    /** {@code host:ws-1}: what an entity is called within a graph. */
    public static String id(EntityKey entity) {
        return entity.kind().word() + ":" + entity.key();
    }

    /**
     * @param hop how many alerts lie between it and the entity
     * @param passable false for what so many alerts name that it connects nothing: it is shown, and not gone through
     */
    public record Node(EntityKey entity, String value, int hop, int alerts, Risk.Band band, boolean passable) {
        public String id() {
            return EntityGraph.id(entity);
        }
    }

    /** @param examples the newest alerts that name both, at most 5 */
    public record Edge(EntityKey a, EntityKey b, int alerts, Instant first, Instant last, List<EventId> examples) {
        public Edge {
            examples = List.copyOf(examples);
        }
    }

    /** One step of an attack: the alert names both. */
    public record Leg(EntityKey from, EntityKey to, EventId alert, String title, Instant time) {}

    /** @param byKind how many of each kind; sums to {@code count} */
    public record Blast(int count, Map<Entity.Kind, Integer> byKind, List<EntityKey> entities) {
        public Blast {
            byKind = Map.copyOf(byKind);
            entities = List.copyOf(entities);
        }
    }
}
