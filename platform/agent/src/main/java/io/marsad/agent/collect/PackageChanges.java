package io.marsad.agent.collect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Packages of one manager that came, went or are another version. Not thread-safe. */
public final class PackageChanges {
    private final Origin origin;
    private final String manager;
    private final Changes<String, List<String>> changes = new Changes<>();

    /** @param manager as records say it */
    public PackageChanges(Origin origin, String manager) {
        this.origin = origin;
        this.manager = manager;
    }

    /** @param now names with their versions, sorted */
    public void look(Map<String, List<String>> now, Sink sink) {
        changes.look(now, (change, name, before, versions) -> {
            switch (change) {
                case FIRST -> versions.forEach(one -> tell("Inventory", name, one, "", sink));
                case CAME -> versions.forEach(one -> tell("Install", name, one, "", sink));
                case GONE -> before.forEach(one -> tell("Remove", name, "", one, sink));
                case CHANGED -> changed(name, before, versions, sink);
            }
        });
    }

    private void changed(String name, List<String> before, List<String> now, Sink sink) {
        var more = new ArrayList<>(now);
        more.removeAll(before);
        var less = new ArrayList<>(before);
        less.removeAll(now);
        if (more.size() == 1 && less.size() == 1) {
            tell("Update", name, more.getFirst(), less.getFirst(), sink);
        } else {
            more.forEach(one -> tell("Install", name, one, "", sink));
            less.forEach(one -> tell("Remove", name, "", one, sink));
        }
    }

    private void tell(String activity, String name, String version, String before, Sink sink) {
        var found = origin.record("package", activity)
                .put("package_manager", manager)
                .put("name", name);
        if (!version.isEmpty()) {
            found.put("version", version);
        }
        if (!before.isEmpty()) {
            found.put("version_before", before);
        }
        sink.accept(found);
    }
}
