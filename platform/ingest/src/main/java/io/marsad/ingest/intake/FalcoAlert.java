package io.marsad.ingest.intake;

import io.marsad.kernel.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the alert is in what Falco, Falcosidekick or Falcosidekick's WebUI output sent.
 *
 * @param uuid Falcosidekick's name for it, or null: sent again with the same it is the same alert
 */
record FalcoAlert(int from, int to, @Nullable String uuid) {
    static FalcoAlert find(byte[] body) {
        var walk = new JsonWalk();
        var look = new Look(walk, body);
        var fault = walk.walk(body, 0, body.length, look);
        if (fault != null || look.wholeTo < 0) {
            throw new Problem(
                            "invalid-event",
                            400,
                            "Bad request",
                            "One Falco alert as a JSON object is expected (json_output: true).",
                            List.of(new Problem.Fault("", fault == null ? "not an object" : fault)))
                    .asException();
        }
        // {event, outputs}: the alert itself has a rule, the envelope has not
        return look.eventFrom >= 0 && !look.rule
                ? new FalcoAlert(look.eventFrom, look.eventTo, look.innerUuid)
                : new FalcoAlert(look.wholeFrom, look.wholeTo, look.uuid);
    }

    private static final class Look implements JsonWalk.Visitor {
        private final JsonWalk walk;
        private final byte[] body;
        private int wholeFrom;
        private int wholeTo = -1;
        private int eventFrom = -1;
        private int eventTo;
        private boolean rule;
        private @Nullable String uuid;
        private @Nullable String innerUuid;

        Look(JsonWalk walk, byte[] body) {
            this.walk = walk;
            this.body = body;
        }

        @Override
        public void value(int depth, JsonWalk.Kind kind, int from, int to) {
            if (depth == 0 && kind == JsonWalk.Kind.OBJECT) {
                wholeFrom = from;
                wholeTo = to;
            } else if (depth == 1 && kind == JsonWalk.Kind.OBJECT && walk.keyIs(1, "event")) {
                eventFrom = from;
                eventTo = to;
            } else if (depth == 1 && walk.keyIs(1, "rule")) {
                rule = true;
            } else if (kind == JsonWalk.Kind.TEXT && depth <= 2 && to - from > 2 && to - from < 100) {
                if (depth == 1 && walk.keyIs(1, "uuid")) {
                    uuid = new String(body, from + 1, to - from - 2, StandardCharsets.UTF_8);
                } else if (depth == 2 && walk.keyIs(1, "event") && walk.keyIs(2, "uuid")) {
                    innerUuid = new String(body, from + 1, to - from - 2, StandardCharsets.UTF_8);
                }
            }
        }
    }
}
