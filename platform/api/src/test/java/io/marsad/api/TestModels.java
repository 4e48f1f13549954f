package io.marsad.api;

import io.marsad.api.models.ModelServices;
import io.marsad.connect.OutboundGuard;
import io.marsad.db.Database;
import io.marsad.db.vault.Vault;
import io.marsad.soc.model.ModelCalls;
import io.marsad.soc.model.ModelClient;
import io.marsad.soc.model.ModelSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;

/** Models of tenants, none of which is there: their names have no address. */
final class TestModels {
    private TestModels() {}

    static ModelServices services(Database database, Vault vault, InstantSource clock, RandomGenerator random) {
        if (!(SSLSocketFactory.getDefault() instanceof SSLSocketFactory tls)) {
            throw new IllegalStateException("the JDK's default factory makes TLS sockets");
        }
        var client = new ModelClient(new OutboundGuard(List.of("localhost")), tls);
        return new ModelServices(new ModelSettings(database, vault, client, clock, random), new ModelCalls(database));
    }

    static String body(String word) {
        return "{\"enabled\":false,\"provider\":\"openai\",\"url\":\"https://localhost:1/" + word
                + "\",\"model\":\"" + word + "\",\"seconds\":1,\"calls_per_day\":10,\"tokens_per_day\":1000,"
                + "\"key\":\"" + word + "\"}";
    }
}
