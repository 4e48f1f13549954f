package io.marsad.soc.risk;

import io.marsad.soc.alert.Entity;
import io.marsad.soc.correlate.StopList;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which entity.
 *
 * @param key its value in lower case
 */
public record EntityKey(Entity.Kind kind, String key) implements Comparable<EntityKey> {
    /** Who and what can be taken over or attacked from; a file or a name of the network is what it is done with. */
    private static final Set<Entity.Kind> BEARERS = EnumSet.of(
            Entity.Kind.HOST,
            Entity.Kind.USER,
            Entity.Kind.IP,
            Entity.Kind.EMAIL,
            Entity.Kind.CONTAINER,
            Entity.Kind.ACCOUNT);

    private static final StopList STOPPED = StopList.usual();

    public EntityKey {
        key = key.toLowerCase(Locale.ROOT);
    }

    public static EntityKey of(Entity entity) {
        return new EntityKey(entity.kind(), entity.key());
    }

    /** Whether risk is kept of it: of those that all alerts name, as a system's own account, it would say nothing. */
    public boolean bearsRisk() {
        return BEARERS.contains(kind) && !isEverybodys();
    }

    /** Whether something is connected by it: programs and files are the same everywhere. */
    public boolean connects() {
        return kind != Entity.Kind.PROCESS && kind != Entity.Kind.FILE && !isEverybodys();
    }

    /** Whether sharing it says nothing. */
    private boolean isEverybodys() {
        if (StopList.isNothing(key)) {
            return true;
        }
        return switch (kind) {
            case HOST -> STOPPED.isNoHost(key);
            case USER -> {
                int slash = key.lastIndexOf('\\');
                yield STOPPED.isNobody(key.substring(slash + 1), slash < 0 ? "" : key.substring(0, slash));
            }
            case IP -> STOPPED.isSharedAddress(key);
            case DOMAIN, HASH, URL, EMAIL, PROCESS, FILE, CONTAINER, ACCOUNT -> false;
        };
    }

    @Override
    public int compareTo(EntityKey other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : key.compareTo(other.key);
    }

    /** As the audit log names it: {@code entity:host:ws-1}. */
    @Override
    public String toString() {
        return "entity:" + kind.word() + ":" + key;
    }
}
