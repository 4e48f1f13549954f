package io.marsad.api.contract;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One route of the contract.
 *
 * @param method in capitals
 * @param path the template, e.g. {@code /v1/events/{id}}
 * @param permission what the caller has to hold, or null when being known is enough
 * @param credentials which kinds are taken; none where the contract has {@code security: []}
 * @param body null when the operation takes none
 */
public record Operation(
        String id,
        String method,
        String path,
        @Nullable String permission,
        Tenancy tenancy,
        Set<String> credentials,
        List<Parameter> parameters,
        @Nullable Body body,
        Set<Integer> statuses) {
    /** Kinds of credentials: the names of the contract's security schemes. */
    public static final String SESSION = "session", TOKEN = "token";

    /** Among {@link #credentials}: who asks from this machine needs none. */
    public static final String THIS_MACHINE = "";

    public Operation {
        credentials = Set.copyOf(credentials);
        parameters = List.copyOf(parameters);
        statuses = Set.copyOf(statuses);
    }

    /**
     * What a request carries.
     *
     * @param json what a JSON body has to look like, or null when none is taken
     */
    public record Body(
            boolean required,
            Set<String> mediaTypes,
            @Nullable Schema json) {
        public Body {
            mediaTypes = Set.copyOf(mediaTypes);
        }
    }

    /** True when the token stands in the path, for senders that can set no header. */
    public boolean tokenInPath() {
        return credentials.isEmpty() && path.contains("{token}");
    }

    public @Nullable Parameter parameter(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equalsIgnoreCase(name)) {
                return parameter;
            }
        }
        return null;
    }
}
