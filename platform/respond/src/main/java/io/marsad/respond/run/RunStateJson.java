package io.marsad.respond.run;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** A run's state as it is kept in the database. */
public final class RunStateJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private RunStateJson() {}

    public static String write(RunState state) {
        return MAPPER.writeValueAsString(state);
    }

    /** @throws IllegalArgumentException when it is none that was written here */
    public static RunState read(String json) {
        try {
            return MAPPER.readValue(json, RunState.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not the state of a run: " + e.getOriginalMessage(), e);
        }
    }
}
