package io.marsad.soc.live;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.live.LiveFeed.News;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who looks at which alert or case now. Nothing of it is written down: each process keeps what it was told, and tells the
 * others through the database. Who says nothing for {@link #KEPT} is gone.
 *
 * <p>Thread-safe.
 */
public final class Presence {
    /** For how long a word holds. */
    public static final Duration KEPT = Duration.ofSeconds(20);

    private static final int MOST_IN_ONE_PLACE = 50;
    private static final int MOST = 20_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private final Database database;
    private final BiConsumer<TenantId, News> tell;
    private final LongSupplier nanos;
    private final String node = UUID.randomUUID().toString();
    private final Map<Place, Map<Window, Seen>> places = new HashMap<>();
    private int size;

    /**
     * @param tell what those hear who listen to this process
     * @param nanos as {@link System#nanoTime()}
     */
    Presence(Database database, BiConsumer<TenantId, News> tell, LongSupplier nanos) {
        this.database = database;
        this.tell = tell;
        this.nanos = nanos;
    }

    /** What is looked at. */
    public enum Thing {
        ALERT("SELECT FROM alerts WHERE tenant_id = ? AND alert_id = ?"),
        CASE("SELECT FROM cases WHERE tenant_id = ? AND case_id = ?");

        private final String exists;

        Thing(String exists) {
            this.exists = exists;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What somebody does there. */
    public enum State {
        LOOKING,
        /** A comment, which others do not see yet. */
        WRITING;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whoever is there.
     *
     * @param name as people call them
     * @param provider the provider's name when they act for one in this tenant, or null
     */
    public record Person(String name, @Nullable String provider, State state) {}

    /**
     * A window of somebody's browser.
     *
     * @param subject as the audit names it
     * @param tab the browser's own name of it
     */
    public record Window(String subject, String tab) {}

    private record Place(TenantId tenant, Thing thing, EventId id) {}

    private record Seen(Person person, long until) {}

    /**
     * Says that somebody is there, or no more, and who else is.
     *
     * @param who null for whoever asks without being there
     * @param person null: the window was closed
     * @throws io.marsad.kernel.problem.ProblemException 404 when the tenant has no such thing
     */
    public List<Person> say(TenantId tenant, Thing thing, EventId id, @Nullable Window who, @Nullable Person person) {
        var place = new Place(tenant, thing, id);
        database.inTenant(tenant, connection -> {
            try (var select = connection.prepareStatement(thing.exists)) {
                select.setString(1, tenant.value());
                select.setObject(2, id.uuid());
                try (var rows = select.executeQuery()) {
                    if (!rows.next()) {
                        throw Problem.notFound("There is no such " + thing.word() + ".")
                                .asException();
                    }
                }
            }
            if (who != null) {
                try (var notify = connection.prepareStatement("SELECT pg_notify('" + LiveFeed.CHANNEL + "', ?)")) {
                    notify.setString(1, message(place, who, person));
                    notify.executeQuery().close();
                }
            }
            return true;
        });
        if (who != null) {
            put(place, who, person);
        }
        return others(place, who);
    }

    private String message(Place place, Window who, @Nullable Person person) {
        var said = new LinkedHashMap<String, @Nullable String>();
        said.put("node", node);
        said.put("tenant", place.tenant.value());
        said.put("thing", place.thing.name());
        said.put("id", place.id.toString());
        said.put("subject", who.subject);
        said.put("tab", who.tab);
        if (person != null) {
            said.put("name", person.name);
            said.put("state", person.state.name());
            if (person.provider != null) {
                said.put("provider", person.provider);
            }
        }
        return JSON.writeValueAsString(said);
    }

    /** What another process was told. */
    void heard(String message) {
        try {
            var said = JSON.readTree(message);
            if (said.path("node").asString("").equals(node)) {
                return;
            }
            var place = new Place(
                    new TenantId(said.path("tenant").asString("")),
                    Thing.valueOf(said.path("thing").asString("")),
                    EventId.parse(said.path("id").asString("")));
            var provider = said.path("provider").asString("");
            var name = said.path("name").asString("");
            var person = name.isEmpty()
                    ? null
                    : new Person(
                            name,
                            provider.isEmpty() ? null : provider,
                            State.valueOf(said.path("state").asString("")));
            put(
                    place,
                    new Window(
                            said.path("subject").asString(""), said.path("tab").asString("")),
                    person);
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.warn("another node, of another version, says who is present in a way that is not known here", e);
        }
    }

    private void put(Place place, Window who, @Nullable Person person) {
        boolean changed;
        synchronized (places) {
            long now = nanos.getAsLong();
            var there = places.computeIfAbsent(place, _ -> new HashMap<>());
            prune(there, now);
            if (person == null) {
                changed = there.remove(who) != null;
                size -= changed ? 1 : 0;
            } else {
                changed = arrive(there, who, new Seen(person, now + KEPT.toNanos()));
            }
            if (there.isEmpty()) {
                places.remove(place);
            }
            if (size > MOST) {
                places.values().forEach(all -> prune(all, now));
                places.values().removeIf(Map::isEmpty);
            }
        }
        if (changed) {
            var payload = "{\"of\":\"" + place.thing.word() + "\",\"id\":\"" + place.id + "\"}";
            tell.accept(place.tenant, new News("presence.changed", payload));
        }
    }

    /** Whether others see something else now. */
    private boolean arrive(Map<Window, Seen> there, Window who, Seen seen) {
        if (!there.containsKey(who)) {
            if (there.size() >= MOST_IN_ONE_PLACE || size > MOST) {
                return false;
            }
            size++;
        }
        var before = there.put(who, seen);
        return before == null || !before.person.equals(seen.person);
    }

    private void prune(Map<Window, Seen> there, long now) {
        int before = there.size();
        there.values().removeIf(seen -> seen.until - now <= 0);
        size -= before - there.size();
    }

    /** Each once, by name; who writes in one of their windows writes. */
    private List<Person> others(Place place, @Nullable Window who) {
        var bySubject = new TreeMap<String, Person>();
        synchronized (places) {
            long now = nanos.getAsLong();
            places.getOrDefault(place, Map.of()).forEach((window, seen) -> {
                boolean isOther = who == null || !window.subject.equals(who.subject);
                if (isOther && seen.until - now > 0) {
                    bySubject.merge(window.subject, seen.person, (a, b) -> a.state == State.WRITING ? a : b);
                }
            });
        }
        var all = new ArrayList<>(bySubject.values());
        all.sort((a, b) -> a.name.compareToIgnoreCase(b.name));
        return all;
    }

    /** The state of this word; null for whoever has left. @throws IllegalArgumentException for any other word */
    public static @Nullable State state(String word) {
        return word.equals("left")
                ? null
                : Arrays.stream(State.values())
                        .filter(state -> state.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("not a state: looking, writing or left"));
    }
}
