package io.marsad.respond.cacao;

import java.util.List;

/** Knows the actions that the platform has. */
@FunctionalInterface
public interface ActionCheck {
    /** What is wrong with how it is asked for; empty when nothing is. */
    List<String> faults(TypedAction action);
}
