package io.marsad.api.cases;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks;
import io.marsad.soc.cases.CaseClocks.Goal;
import io.marsad.soc.cases.CaseTargets;
import io.marsad.soc.cases.CaseTargets.Target;
import io.marsad.soc.cases.CaseTargets.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** How long a tenant gives itself for its cases. */
final class TargetRoutes {
    private final CaseTargets targets;

    TargetRoutes(CaseServices services) {
        this.targets = services.targets();
    }

    List<Route> routes() {
        return List.of(new Route("caseTargets", this::all), new Route("changeCaseTargets", this::change));
    }

    private void all(Exchange exchange) {
        var all = targets.all();
        exchange.json(200, to -> write(to, all));
    }

    private void change(Exchange exchange) {
        var wanted = new ArrayList<Wanted>();
        for (var one : exchange.json().get("targets")) {
            wanted.add(new Wanted(
                    Severity.ofWord(one.get("severity").stringValue()),
                    Goal.ofWord(one.get("goal").stringValue()),
                    Duration.ofSeconds(one.get("seconds").longValue())));
        }
        var all = targets.change(wanted);
        exchange.json(200, to -> write(to, all));
    }

    private static void write(JsonGenerator to, List<Target> all) {
        to.writeStartObject();
        to.writeArrayPropertyStart("targets");
        for (Target target : all) {
            to.writeStartObject();
            to.writeStringProperty("severity", target.severity().word());
            to.writeStringProperty("goal", target.goal().word());
            to.writeNumberProperty("seconds", target.within().toSeconds());
            to.writeBooleanProperty("own", target.own());
            to.writeNumberProperty(
                    "usual", CaseClocks.usual(target.severity(), target.goal()).toSeconds());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }
}
