package io.marsad.fleet.control;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What differs between two versions of a group's policy. Stateless. */
public final class PolicyDifferences {
    private static final JsonMapper JSON = new JsonMapper();

    private PolicyDifferences() {}

    /** A place that differs. @param before null: it was not there @param after null: it is not there any more */
    public record Difference(
            String path,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {}

    /** What the newer one has otherwise; in the order of names. @param base null: nothing */
    public static List<Difference> between(@Nullable AgentPolicy base, AgentPolicy newer) {
        var found = new ArrayList<Difference>();
        compare("", JSON.readTree(base == null ? "{}" : base.collectors()), JSON.readTree(newer.collectors()), found);
        compare("/scripts", named(base == null ? "[]" : base.scripts()), named(newer.scripts()), found);
        compare("/agent", platforms(base == null ? "[]" : base.agent()), platforms(newer.agent()), found);
        if (base != null && base.share() != newer.share()) {
            found.add(new Difference(
                    "/share",
                    JSON.getNodeFactory().numberNode(base.share()),
                    JSON.getNodeFactory().numberNode(newer.share())));
        }
        return found;
    }

    private static JsonNode named(String scripts) {
        var all = JSON.createObjectNode();
        JSON.readTree(scripts).forEach(one -> all.set(one.path("name").asString(""), one));
        return all;
    }

    private static JsonNode platforms(String agent) {
        var all = JSON.createObjectNode();
        JSON.readTree(agent).forEach(one -> all.set(one.path("platform").asString(""), one.path("version")));
        return all;
    }

    private static void compare(
            String path, @Nullable JsonNode before, @Nullable JsonNode after, List<Difference> found) {
        if (before instanceof ObjectNode old && after instanceof ObjectNode now) {
            var names = new TreeSet<>(old.propertyNames());
            names.addAll(now.propertyNames());
            names.forEach(name -> compare(path + "/" + name, old.get(name), now.get(name), found));
        } else if (before == null || !before.equals(after)) {
            found.add(new Difference(path, before, after));
        }
    }
}
