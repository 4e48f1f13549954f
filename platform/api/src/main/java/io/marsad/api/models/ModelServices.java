package io.marsad.api.models;

import io.marsad.soc.model.ModelCalls;
import io.marsad.soc.model.ModelSettings;

/** Which model is asked, and what it was asked. */
public record ModelServices(ModelSettings settings, ModelCalls calls) {}
