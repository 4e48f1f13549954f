package io.marsad.respond.cacao;

import java.util.List;
import java.util.Set;

/** Knows the actions that the platform has. */
@FunctionalInterface
public interface ActionCheck {
    /** What is wrong with how it is asked for; empty when nothing is. */
    List<String> faults(TypedAction action);

    /** Which of the action's parameters are questions in the search language: values are put into them as texts there. */
    default Set<String> queries(String action) {
        return Set.of();
    }
}
