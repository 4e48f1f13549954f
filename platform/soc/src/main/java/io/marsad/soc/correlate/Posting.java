package io.marsad.soc.correlate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The alerts that have one key, by time, and on which days what the key names met somebody new. */
final class Posting {
    private static final int WINDOW_DAYS = 30;

    private final String key;
    private final List<Story> stories = new ArrayList<>();
    /** Partner, to the first day that it was met. */
    private final Map<String, Integer> firstMet = new HashMap<>();
    /** Day, to how many partners were met on it first. */
    private final NavigableMap<Integer, Integer> freshDays = new TreeMap<>();

    Posting(String key) {
        this.key = key;
    }

    int size() {
        return stories.size();
    }

    /** Up to so many stories right before one that is in here, nearest first. */
    List<Story> before(Story story, int count) {
        int at = Collections.binarySearch(stories, story, Story.ORDER);
        return stories.subList(Math.max(0, at - count), at).reversed();
    }

    /** Up to so many right after where it is, or would be. */
    List<Story> after(Story story, int count) {
        int at = Collections.binarySearch(stories, story, Story.ORDER);
        int from = at < 0 ? -at - 1 : at + 1;
        return stories.subList(from, Math.min(stories.size(), from + count));
    }

    /** Those that started on a later day. */
    List<Story> later(int day) {
        int low = 0;
        int high = stories.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (stories.get(middle).day <= day) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return stories.subList(low, stories.size());
    }

    List<Story> all() {
        return stories;
    }

    /** Whether on so many of the 30 days before, somebody new was met: a day's own meetings never count against it. */
    boolean isBusy(int day, int busyDays) {
        if (freshDays.size() < busyDays) {
            return false;
        }
        return freshDays.subMap(day - WINDOW_DAYS, true, day, false).size() >= busyDays;
    }

    /** @return the first day from which on it may be busy where it was not, or not where it was; the largest number if none */
    int add(Story story) {
        int at = Collections.binarySearch(stories, story, Story.ORDER);
        stories.add(-at - 1, story);
        return meet(story);
    }

    /** @return as for adding */
    int remove(Story story) {
        stories.remove(Collections.binarySearch(stories, story, Story.ORDER));
        boolean wasFirst = partners(story).stream().anyMatch(p -> firstMet.getOrDefault(p, -1) == story.day);
        if (!wasFirst) {
            return Integer.MAX_VALUE;
        }
        firstMet.clear();
        freshDays.clear();
        stories.forEach(this::meet);
        return story.day;
    }

    private int meet(Story story) {
        int changed = Integer.MAX_VALUE;
        for (String partner : partners(story)) {
            var known = firstMet.get(partner);
            if (known == null || story.day < known) {
                firstMet.put(partner, story.day);
                freshDays.merge(story.day, 1, Integer::sum);
                if (known != null) {
                    freshDays.computeIfPresent(known, (day, count) -> count == 1 ? null : count - 1);
                }
                changed = Math.min(changed, story.day);
            }
        }
        return changed;
    }

    private List<String> partners(Story story) {
        var mention = story.mentions.get(key);
        return mention == null ? List.of() : story.partners(mention);
    }
}
