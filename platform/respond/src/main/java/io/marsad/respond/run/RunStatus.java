package io.marsad.respond.run;

/** How a run stands as a whole. */
public enum RunStatus {
    RUNNING,
    SUCCEEDED,
    /** A step failed and nothing in the playbook was there for that; the steps for failures may have been gone through. */
    FAILED,
    CANCELLED;

    public boolean isEnded() {
        return this != RUNNING;
    }
}
