package io.marsad.server.node;

import io.marsad.db.Database;
import io.marsad.db.vault.EnvironmentSecretStore;
import io.marsad.db.vault.FileSecretStore;
import io.marsad.db.vault.KvSecretStore;
import io.marsad.db.vault.SecretStore;
import io.marsad.db.vault.Vault;
import io.marsad.db.vault.VaultException;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The vault with its master keys from where the configuration says. */
final class Secrets {
    private Secrets() {}

    /** @throws StartRefused when its keys are missing, cannot be read, or are not kept safely */
    static Vault open(Config config, Database database, InstantSource clock, SecureRandom random) {
        var store = store(config);
        try {
            return Vault.open(database, store, clock, random);
        } catch (VaultException e) {
            throw new StartRefused("secrets cannot be opened: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new StartRefused("the keys of secrets cannot be had: " + e.getMessage(), e);
        }
    }

    private static SecretStore store(Config config) {
        return switch (config.secrets()) {
            case Config.Secrets.OfFiles() -> new FileSecretStore(config.data().resolve("keys"));
            case Config.Secrets.OfEnvironment(String prefix) -> new EnvironmentSecretStore(prefix, System::getenv);
            case Config.Secrets.OfVault of -> new KvSecretStore(of.url(), of.token());
        };
    }
}
