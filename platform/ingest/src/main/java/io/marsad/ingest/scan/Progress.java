package io.marsad.ingest.scan;

/** Told how far a scan is, by any thread. */
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (done, bytes, findings) -> {};

    /** So much of the bytes has been read. */
    void done(long done, long bytes, long findings);
}
