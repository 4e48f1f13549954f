package io.marsad.server.node;

import io.marsad.api.IdentityServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.fleet.osquery.ShippedPacks;
import io.marsad.kernel.content.ContentException;
import io.marsad.server.config.Config;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Who may come in, people and hosts, as this installation is configured. */
final class Identities {
    private Identities() {}

    /** @throws ContentException when a pack of osquery that is shipped cannot be read */
    static IdentityServices open(
            Config config, Database database, Vault vault, InstantSource clock, SecureRandom random)
            throws IOException, ContentException {
        var packs = ShippedPacks.read(config.content().resolve("osquery-packs"));
        var setting = new IdentityServices.Setting(
                config.tenant(), config.http().origin(), new OutboundGuard(config.outbound()), packs);
        return IdentityServices.of(database, vault, setting, clock, random);
    }
}
