package io.marsad.soc.decision;

import io.marsad.soc.json.UntrustedJson;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a sender says of an alert's surroundings.
 *
 * @param json the object as it was sent
 * @param critical whether an important system ({@code asset_criticality}: high, critical or crown_jewel) or an account with
 *     rights ({@code privileged}: true) is concerned: then nothing is closed without a person
 */
public record AlertContext(String json, boolean critical) {
    public static final AlertContext NONE = new AlertContext("{}", false);

    private static final Set<String> HIGH = Set.of("high", "critical", "crown_jewel");

    static AlertContext of(@Nullable JsonNode context, String json) {
        if (context == null) {
            return NONE;
        }
        var criticality = UntrustedJson.text(context.get("asset_criticality"));
        var privileged = context.get("privileged");
        boolean critical = criticality != null && HIGH.contains(criticality.toLowerCase(Locale.ROOT))
                || privileged != null && privileged.asString("").equalsIgnoreCase("true");
        return new AlertContext(json, critical);
    }
}
