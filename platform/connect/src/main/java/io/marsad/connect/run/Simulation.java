package io.marsad.connect.run;

import io.marsad.connect.manifest.Operation;
import io.marsad.connect.manifest.Ref;
import io.marsad.connect.manifest.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/** Writes what a call would send. It has nothing that it could send with. Of one call. */
final class Simulation {
    private static final Transport NONE = message -> {
        throw new IllegalStateException("a simulated call sends nothing");
    };

    private final Connection connection;
    private final Operation operation;
    private final Scope scope;
    private final Rendering rendering;
    private final Authentication authentication;

    Simulation(Connection connection, Operation operation, Scope scope) {
        this.connection = connection;
        this.operation = operation;
        this.scope = scope;
        this.rendering = new Rendering(scope);
        var account = new Account(connection.manifest().limits(), Instant.EPOCH);
        this.authentication = new Authentication(NONE, () -> Instant.EPOCH, connection, account, scope);
    }

    Outcome outcome() {
        var requests = new ArrayList<Outcome.Rendered>();
        try {
            for (Operation.Step step : operation.steps()) {
                boolean open = Texts.of(step.when()).stream()
                        .flatMap(text -> text.refs().stream())
                        .anyMatch(ref -> ref.source() == Ref.Source.STEPS);
                if (open || new Reading(rendering).holds(step.when(), JsonNodeFactory.instance.objectNode())) {
                    requests.add(rendered(step, open));
                }
            }
        } catch (Refusal | Later e) {
            return new Outcome.Refused(masked(String.valueOf(e.getMessage())), null, "", List.of());
        }
        return new Outcome.Simulated(List.copyOf(requests));
    }

    private Outcome.Rendered rendered(Operation.Step step, boolean open) throws Refusal, Later {
        var message = rendering.message(connection.manifest().base(), step.request(), Map.of());
        if (operation.idempotency() instanceof Operation.Keyed keyed && keyed.header() != null && step.writes()) {
            message = message.with(keyed.header(), scope.key());
        }
        var signed = authentication.signed(message);
        var headers = new LinkedHashMap<String, String>();
        signed.headers().forEach((name, value) -> headers.put(name, masked(Rendering.shown(value))));
        return new Outcome.Rendered(
                step.name(),
                step.writes(),
                open,
                signed.method(),
                masked(Rendering.shown(signed.uri().toString())),
                headers,
                masked(Rendering.shown(signed.text())));
    }

    /** Secrets, and parameters that are nobody's business. */
    private String masked(String text) {
        var masked = connection.secrets().masked(text);
        for (String sensitive : scope.sensitive(operation)) {
            masked = masked.replace(sensitive, "<hidden>").replace(Rendering.encoded(sensitive), "<hidden>");
        }
        return masked;
    }
}
