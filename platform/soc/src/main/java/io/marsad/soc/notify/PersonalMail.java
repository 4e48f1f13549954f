package io.marsad.soc.notify;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * E-mail to one person, where their tenant has a channel of e-mail that is on, whose limit an hour it counts against.
 * Thread-safe.
 */
public final class PersonalMail {
    private final Database database;
    private final Ways ways;

    public PersonalMail(Database database, Ways ways) {
        this.database = database;
        this.ways = ways;
    }

    /**
     * A mail of plain text.
     *
     * @param id the same whenever the same is sent again, so that readers show it once
     */
    public record Letter(String id, String address, String subject, String text, Instant at) {}

    /** How browsers reach the console; null where only this machine's do. */
    public @Nullable URI origin() {
        return ways.origin();
    }

    /** Domains that the tenant's channels of e-mail that are on send to, in lower case. */
    public Set<String> domains(TenantId tenant) {
        return database.inTenant(tenant, connection -> {
            var all = new TreeSet<String>();
            for (var channel : ChannelRows.list(connection, tenant, Set.of())) {
                boolean mails = channel.content().enabled() && channel.content().kind() == Channel.Kind.EMAIL;
                for (var address : mails ? channel.target().split(",", -1) : new String[0]) {
                    all.add(address.substring(address.lastIndexOf('@') + 1)
                            .strip()
                            .toLowerCase(Locale.ROOT));
                }
            }
            return all;
        });
    }

    /**
     * Sends it, outside any transaction.
     *
     * @return false when nothing is sent: there is no server or channel, or the hour has no more
     * @throws IOException when the server does not take it
     */
    public boolean send(TenantId tenant, Letter letter) throws IOException {
        var server = ways.mail();
        if (server == null) {
            return false;
        }
        boolean isMine = database.<Boolean>inTenant(tenant, connection -> {
            var channel = InboxMail.channel(connection, tenant);
            return channel != null && ChannelRows.take(connection, tenant, channel, letter.at);
        });
        if (isMine) {
            new Mailer(server).send(new Mailer.Mail(letter.id, letter.address, letter.subject, letter.text, letter.at));
        }
        return isMine;
    }
}
