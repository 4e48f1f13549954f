package io.marsad.soc.correlate;

import java.util.Comparator;
import java.util.List;

/**
 * Someone or something that an alert names, under all the names that it has there.
 *
 * @param name for people to read, at most 256 characters
 * @param keys its names, normalized; two alerts share it when one of them is equal; most certain first, at most 8
 */
public record Observable(Kind kind, String name, Role role, List<Key> keys) {
    private static final int MAX_KEYS = 8;
    private static final int MAX_NAME = 256;

    /** Firmest, then most certain, then by text: the same order whatever a source's order is. */
    private static final Comparator<Key> ORDER = Comparator.comparing(Key::grip)
            .reversed()
            .thenComparing(key -> !key.certain())
            .thenComparing(Key::text);

    public Observable {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("an observable has a name");
        }
        keys = keys.stream().distinct().sorted(ORDER).limit(MAX_KEYS).toList();
        name = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    /**
     * One normalized name.
     *
     * @param sort which naming it belongs to, such as {@code host/fqdn}: names of one sort can contradict each other
     * @param certain whether no two things have it; a short name of a host is not certain
     * @param grip what sharing it says
     */
    public record Key(String sort, String value, boolean certain, Grip grip) {
        /** Unique over all sorts. */
        public String text() {
            return sort + ":" + value;
        }
    }

    Observable with(Role other) {
        return new Observable(kind, name, other, keys);
    }

    /** What sharing this key says, in the part that it plays here. */
    Grip grip(Key key) {
        return role == Role.RELATED ? Grip.FAINT : key.grip();
    }

    /** Whether both name one sort of certain names, and not one of them is equal. */
    boolean contradicts(Observable other) {
        boolean different = false;
        for (Key mine : keys) {
            for (Key theirs : other.keys) {
                if (mine.certain() && theirs.certain() && mine.sort().equals(theirs.sort())) {
                    if (mine.value().equals(theirs.value())) {
                        return false;
                    }
                    different = true;
                }
            }
        }
        return different;
    }
}
