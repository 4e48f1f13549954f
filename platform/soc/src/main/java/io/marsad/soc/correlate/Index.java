package io.marsad.soc.correlate;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Alerts by what they name. Tells which alerts have to be weighed anew when one comes or goes. */
final class Index {
    /** Of the alerts that name a thing, each is weighed against so many that came right before it. */
    static final int NEAREST = 32;

    private final int busyDays;
    private final Map<String, Posting> postings = new HashMap<>();
    /** Addresses that hosts reach the outside by, and how many alerts say so. */
    private final Map<String, Integer> egress = new HashMap<>();

    Index(int busyDays) {
        this.busyDays = busyDays;
    }

    /** @return the alerts, but for this one, whose edges to earlier ones may have changed by it */
    Set<Story> add(Story story) {
        var changed = new LinkedHashSet<Story>();
        for (String key : story.mentions.keySet()) {
            var posting = postings.computeIfAbsent(key, Posting::new);
            int fresh = posting.add(story);
            changed.addAll(posting.after(story, NEAREST));
            if (fresh != Integer.MAX_VALUE) {
                changed.addAll(posting.later(fresh));
            }
        }
        for (String address : story.egress) {
            if (egress.merge(address, 1, Integer::sum) == 1) {
                changed.addAll(all(address));
            }
        }
        changed.remove(story);
        return changed;
    }

    /** @return as for adding */
    Set<Story> remove(Story story) {
        var changed = new LinkedHashSet<Story>();
        for (String key : story.mentions.keySet()) {
            var posting = postings.get(key);
            if (posting != null) {
                changed.addAll(posting.after(story, NEAREST));
                int fresh = posting.remove(story);
                if (fresh != Integer.MAX_VALUE) {
                    changed.addAll(posting.later(fresh));
                }
                if (posting.size() == 0) {
                    postings.remove(key);
                }
            }
        }
        for (String address : story.egress) {
            int left = egress.getOrDefault(address, 0) - 1;
            if (left > 0) {
                egress.put(address, left);
            } else {
                egress.remove(address);
                changed.addAll(all(address));
            }
        }
        changed.remove(story);
        return changed;
    }

    /** The alerts before one that have one of some keys of its, as far as they are weighed. */
    Set<Story> candidates(Story story, Set<String> keys) {
        var found = new LinkedHashSet<Story>();
        for (String key : keys) {
            var posting = postings.get(key);
            if (posting != null) {
                found.addAll(posting.before(story, NEAREST));
            }
        }
        return found;
    }

    boolean isBusy(String key, int day) {
        var posting = postings.get(key);
        return posting != null && posting.isBusy(day, busyDays);
    }

    boolean isEgress(String key) {
        return egress.containsKey(key);
    }

    private List<Story> all(String key) {
        var posting = postings.get(key);
        return posting == null ? List.of() : posting.all();
    }
}
