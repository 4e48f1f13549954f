package io.marsad.respond.provide;

import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.RiskLevel;
import io.marsad.soc.intel.service.Intelligence;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the platform can say by itself: it changes nothing, so it may be asked as often as one likes. An order that is
 * simulated is answered, too, by what is here: nobody outside is asked. Thread-safe.
 */
public final class OwnReads implements Providers.Own {
    private final Intelligence intelligence;

    public OwnReads(Intelligence intelligence) {
        this.intelligence = intelligence;
    }

    @Override
    public boolean does(String action) {
        return action.equals("look_up");
    }

    @Override
    public Result perform(Order order) {
        var type = order.parameters().get("type");
        var value = order.parameters().get("value");
        var indicator = Indicator.of(type == null ? "" : type.asString(""), value == null ? "" : value.asString(""));
        if (indicator.kind() == Indicator.Kind.UNKNOWN) {
            var fault = indicator.fault() == null ? "is of no type that can be looked up" : indicator.fault();
            return new Result.Failed("'" + indicator.value() + "' " + fault, false);
        }
        if (order.simulated()) {
            var here = intelligence.here(order.tenant(), indicator);
            var note = here.unasked().isEmpty() ? null : String.join(", ", here.unasked()) + " would be asked, too";
            return answer(here.result(), note);
        }
        return answer(intelligence.ask(order.tenant(), indicator), null);
    }

    /** As playbooks compare it, whoever answers. */
    private static String verdict(RiskLevel level) {
        return switch (level) {
            case CRITICAL, HIGH -> "malicious";
            case MEDIUM, LOW -> "suspicious";
            case UNKNOWN -> "unknown";
        };
    }

    private static Result answer(IntelResult result, @Nullable String note) {
        if (result.allFailed()) {
            return new Result.Failed(String.join("; ", result.reasons()), true);
        }
        var sources = JsonNodeFactory.instance.arrayNode();
        result.sourcesQueried().forEach(sources::add);
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        outputs.put("verdict", verdict(result.level()));
        outputs.put("confidence", result.confidence().toPlainString());
        outputs.put("sources", sources.toString());
        return new Result.Completed(outputs, note == null ? String.join("; ", result.reasons()) : note, false);
    }
}
