package io.marsad.db.vault;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where keys are kept that must not be in the database: a folder, the environment, a product for secrets. Thread-safe. */
public interface SecretStore {
    /**
     * What it has under a name; null when it has nothing.
     *
     * @param name lower-case letters, digits and {@code -}
     * @throws VaultException when it is there and not kept safely
     */
    @Nullable
    SecretValue read(String name) throws IOException;

    /** Whether it can be written by the platform. */
    boolean writable();

    /**
     * Replaces what was read last under the name, at once and wholly.
     *
     * @throws IOException when it cannot, or somebody else has replaced it since
     */
    void write(String name, SecretValue value) throws IOException;

    /** Where that is, for people: a file, a variable, an address. */
    String place(String name);
}
