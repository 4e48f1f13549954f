package io.marsad.respond.durable;

import io.marsad.kernel.tenant.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Does actions of the catalogue. Called by several threads, outside any transaction. */
public interface ActionProvider {
    /** Does it, for the first time as far as the platform knows. */
    Result perform(Order order);

    /**
     * The platform died, or the answer was lost, after it was begun: says what became of it, doing it again only where that
     * does nothing twice.
     */
    Result settle(Order order);

    /** Whether {@link #answer} may know: actions that only read what the platform has itself. */
    default boolean answers(String action) {
        return false;
    }

    /**
     * What comes of it, when that takes no more than a look at what is here: nothing is changed, nobody outside is asked.
     * Inside a transaction of the tenant, of which what it reads is a part.
     *
     * @return null: it has to be {@link #perform performed}
     */
    default Result.@Nullable Completed answer(Order order) {
        return null;
    }

    /**
     * What is to be done.
     *
     * @param id the key by which a repetition is told
     * @param simulated nothing may go out
     * @param envelope in which it was signed; null: it was not
     */
    record Order(
            TenantId tenant,
            UUID id,
            String action,
            Map<String, JsonNode> parameters,
            boolean simulated,
            @Nullable String envelope) {
        public Order {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        public Order(TenantId tenant, UUID id, String action, Map<String, JsonNode> parameters, boolean simulated) {
            this(tenant, id, action, parameters, simulated, null);
        }
    }

    /** What came of it. */
    sealed interface Result {
        /** What came of it is known, or that it cannot be. */
        sealed interface Known extends Result {}

        /**
         * It is done.
         *
         * @param outputs by name
         * @param note for people; null: there is nothing to say
         * @param verifiable whether somebody can be asked whether it is so
         */
        record Completed(
                Map<String, @Nullable String> outputs,
                @Nullable String note,
                boolean verifiable) implements Known {
            public Completed {
                outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
            }

            public Completed(Map<String, @Nullable String> outputs) {
                this(outputs, null, false);
            }
        }

        /** Nothing was done. @param would what would have been, for people */
        record Simulated(String would) implements Known {}

        /** It was not done, for certain. @param again whether another try could succeed */
        record Failed(String reason, boolean again) implements Known {}

        /**
         * It is begun, and what comes of it comes later: until then, or until somebody puts it into the queue again, it is
         * left alone, and is then settled.
         */
        record Later(Instant until) implements Result {}

        /** Nobody can say whether it was done: a person has to look. */
        record Unknown(String reason) implements Known {}
    }
}
