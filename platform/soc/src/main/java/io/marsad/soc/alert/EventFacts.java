package io.marsad.soc.alert;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import java.util.Map;
import java.util.TreeMap;

/** What an event tells in one sentence: who, what, where; kept with the alert, so that its narrative never changes. */
final class EventFacts {
    /** Under which name, and where it stands: the first path that has a value counts. */
    private record Fact(String name, Field[] paths) {}

    private static final Fact[] FACTS = {
        fact("host", "device.hostname", "device.name", "dst_endpoint.hostname"),
        fact("process", "process.file.path", "process.path", "process.name"),
        fact("command", "process.cmd_line"),
        fact(
                "parent",
                "process.parent_process.file.path",
                "process.parent_process.path",
                "process.parent_process.name"),
        fact("actor", "actor.process.file.path", "actor.process.path", "actor.process.name"),
        fact("pid", "process.pid"),
        fact("actor_pid", "actor.process.pid"),
        fact("user", "actor.user.name", "user.name", "process.user.name"),
        fact("target_user", "user.name"),
        fact("source", "src_endpoint.ip", "src_endpoint.hostname"),
        fact("destination", "dst_endpoint.ip", "dst_endpoint.hostname"),
        fact("file", "file.path"),
        fact("query", "query.hostname"),
        fact("container", "container.name", "container.uid"),
        fact("operation", "api.operation"),
        fact("service", "api.service.name"),
        fact("account", "cloud.account.uid"),
        fact("status", "status"),
        fact("activity", "activity_name"),
    };
    private static final int MAX = 300;

    private EventFacts() {}

    static Map<String, String> of(EventBatch batch, int row) {
        var facts = new TreeMap<String, String>();
        for (Fact fact : FACTS) {
            for (Field path : fact.paths) {
                var value = batch.text(row, path);
                if (value != null && !value.isBlank() && !value.equals("-")) {
                    facts.put(fact.name, Text.clean(value.strip(), MAX));
                    break;
                }
            }
        }
        return facts;
    }

    private static Fact fact(String name, String... paths) {
        // A finding of another product (OCSF class 2004) tells of the same things under its evidence.
        var fields = new Field[paths.length * 2];
        for (int i = 0; i < paths.length; i++) {
            fields[i] = Field.of(paths[i]);
            fields[paths.length + i] = Field.of("evidences." + paths[i]);
        }
        return new Fact(name, fields);
    }
}
