package io.marsad.db.vault;

import java.io.IOException;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Secrets that whoever starts the platform gives it: {@code PREFIX_NAME} of the environment. Cannot be written. */
public final class EnvironmentSecretStore implements SecretStore {
    private final String prefix;
    private final Function<String, @Nullable String> environment;

    /** @param environment by name, null for what is not set */
    public EnvironmentSecretStore(String prefix, Function<String, @Nullable String> environment) {
        this.prefix = prefix;
        this.environment = environment;
    }

    @Override
    public @Nullable SecretValue read(String name) {
        var value = environment.apply(variable(name));
        return value == null || value.isBlank() ? null : SecretValue.of(value);
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public void write(String name, SecretValue value) throws IOException {
        throw new IOException("the environment cannot be written; set " + variable(name) + " where it is started");
    }

    @Override
    public String place(String name) {
        return "the environment's " + variable(name);
    }

    private String variable(String name) {
        return prefix + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
