package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.respond.service.Webhooks;
import java.util.List;

/** {@code POST /v1/playbooks/{id}/webhook}: other products start playbooks. */
final class WebhookRoutes {
    private static final int MOST_BODY = 256 << 10;

    private final Webhooks webhooks;

    WebhookRoutes(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    List<Route> routes() {
        return List.of(new Route("startPlaybookByWebhook", this::call));
    }

    private void call(Exchange exchange) {
        var body = exchange.json(MOST_BODY);
        switch (webhooks.call(PlaybookRoutes.id(exchange), body, exchange.header("Idempotency-Key"))) {
            case Webhooks.Outcome.Begun begun ->
                exchange.json(202, to -> {
                    to.writeStartObject();
                    to.writeStringProperty("run", begun.run().toString());
                    to.writeBooleanProperty("begun", begun.fresh());
                    to.writeEndObject();
                });
            case Webhooks.Outcome.TooMany many -> {
                long seconds = Math.max(1, many.again().plusMillis(999).toSeconds());
                exchange.header("Retry-After", Long.toString(seconds));
                throw Problem.overloaded(
                                "Webhooks have started the playbook as often as it wants in an hour (max_per_hour: "
                                        + many.most() + "). This request is counted at the playbook and not put off.")
                        .asException();
            }
        }
    }
}
