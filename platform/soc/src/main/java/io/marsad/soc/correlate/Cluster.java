package io.marsad.soc.correlate;

import java.util.ArrayList;
import java.util.List;

/** Alerts that links join, or one that none does. What is merely attached to them is found when somebody asks. */
final class Cluster {
    private final List<Story> stories = new ArrayList<>();
    private Component component;

    /** @param component that it becomes part of */
    Cluster(Story story, Component component) {
        this.component = component;
        component.clusters().add(this);
        add(story);
    }

    /** In order. */
    List<Story> stories() {
        return stories;
    }

    int size() {
        return stories.size();
    }

    Component component() {
        return component;
    }

    void enter(Component other) {
        component = other;
    }

    /** Takes in all of another one. */
    void absorb(Cluster other) {
        boolean isInOrder = Story.ORDER.compare(stories.getLast(), other.stories.getFirst()) < 0;
        stories.addAll(other.stories);
        if (!isInOrder) {
            stories.sort(Story.ORDER);
        }
        other.stories.forEach(story -> story.cluster = this);
        other.component.clusters().remove(other);
    }

    private void add(Story story) {
        stories.add(story);
        story.cluster = this;
    }
}
