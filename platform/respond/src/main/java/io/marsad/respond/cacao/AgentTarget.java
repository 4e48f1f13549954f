package io.marsad.respond.cacao;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who does something, or whom it is done to (CACAO 2.0, 7).
 *
 * @param type such as {@code http-api} or {@code group}
 * @param address by kind ({@code url}, {@code ipv4}, {@code dname}...); empty for people
 * @param port null: that of the type
 * @param authentication id of the authentication information; null: none
 */
public record AgentTarget(
        String id,
        String type,
        String name,
        Map<String, List<String>> address,
        @Nullable String port,
        @Nullable String authentication) {
    public AgentTarget {
        address = Map.copyOf(address);
    }

    /** Whether people do it. */
    public boolean isPeople() {
        return switch (type) {
            case "group", "individual", "organization", "location", "sector" -> true;
            default -> false;
        };
    }
}
