package io.marsad.respond.chat;

import io.marsad.db.Database;
import io.marsad.respond.connection.SharedSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests of chats in: signed with the secret of the connection, of these five minutes, and not seen before. Why one is
 * not let in is not said. Thread-safe.
 */
public final class ChatDoor {
    /** A signed request is good so long, either way. */
    static final Duration NEAR = Duration.ofMinutes(5);

    /** Longer than any can be good. */
    private static final Duration REMEMBERED = NEAR.multipliedBy(2).plusSeconds(5);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
    private static final Pattern SIGNATURE = Pattern.compile("v0=[0-9a-f]{64}");

    private final Database database;
    private final SharedSecrets secrets;
    private final InstantSource clock;

    public ChatDoor(Database database, SharedSecrets secrets, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * Whose request it is that Slack has signed ({@code v0}).
     *
     * @param address what the path ends with
     * @param timestamp of {@code X-Slack-Request-Timestamp}
     * @param signature of {@code X-Slack-Signature}
     * @return null: it is not let in
     */
    public @Nullable ChatApp slack(
            String address, @Nullable String timestamp, @Nullable String signature, byte[] body) {
        var at = ChatApp.Address.parse(address);
        if (at == null
                || timestamp == null
                || signature == null
                || !SECONDS.matcher(timestamp).matches()
                || !SIGNATURE.matcher(signature).matches()
                || !isNear(Instant.ofEpochSecond(Long.parseLong(timestamp)))) {
            return null;
        }
        return database.<@Nullable ChatApp>inTenant(at.tenant(), connection -> {
            var shared = secrets.find(connection, at.tenant(), at.connection(), "slack", "signing_secret");
            if (shared == null) {
                return null;
            }
            var text = ("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8);
            var wanted = mac(shared.secret().getBytes(StandardCharsets.UTF_8), text, body);
            var given = HexFormat.of().parseHex(signature, 3, signature.length());
            return MessageDigest.isEqual(wanted, given) && isNew(connection, at, given)
                    ? new ChatApp(at.tenant(), at.connection(), shared.connection())
                    : null;
        });
    }

    private boolean isNear(Instant time) {
        return Duration.between(time, now()).abs().compareTo(NEAR) <= 0;
    }

    /** It is remembered in the transaction that asks: of two at once one is new. */
    private boolean isNew(Connection connection, ChatApp.Address at, byte[] signature) throws SQLException {
        try (var prune = connection.prepareStatement("DELETE FROM chat_requests WHERE tenant_id = ? AND at < ?")) {
            prune.setString(1, at.tenant().value());
            prune.setTimestamp(2, Timestamp.from(now().minus(REMEMBERED)));
            prune.executeUpdate();
        }
        try (var insert =
                connection.prepareStatement("INSERT INTO chat_requests (tenant_id, connection_id, signature, at)"
                        + " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, at.tenant().value());
            insert.setObject(2, at.connection());
            insert.setBytes(3, signature);
            insert.setTimestamp(4, Timestamp.from(now()));
            return insert.executeUpdate() == 1;
        }
    }

    static byte[] mac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
