package io.marsad.agent.link;

/** What the agent says of itself in its reports. Used by several threads. */
public interface Software {
    /** Of the agent that runs. */
    String version();

    /** Why it is not the one that its policy names; empty: it is, or that is on its way. */
    String notUpdated();

    /** A report was taken: who runs can be reached, and is believed. */
    void reportTaken();
}
