package io.marsad.soc.notify;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Follower;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.inbox.InboxRows;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends people what came into their inbox, where they want that and their tenant has a channel of e-mail that is on, whose
 * limit an hour it counts against. Nothing is sent of what was read meanwhile. Sent again only when the platform dies between
 * the server's answer and writing it down, with the same Message-ID. Thread-safe.
 */
public final class InboxMail implements Follower {
    private final Database database;
    private final PersonalMail personal;
    private final InstantSource clock;

    public InboxMail(Database database, Ways ways, InstantSource clock) {
        this.database = database;
        this.personal = new PersonalMail(database, ways);
        this.clock = clock;
    }

    @Override
    public void follow(Claim claim) throws IOException {
        var tenant = claim.tenant();
        List<InboxRows.Mail> mails =
                database.inTenant(tenant, connection -> InboxRows.mails(connection, tenant, claim.subjects()));
        for (InboxRows.Mail mail : mails) {
            var id = "inbox." + mail.entry().id();
            personal.send(tenant, new PersonalMail.Letter(id, mail.address(), words(mail.entry()), text(mail), now()));
        }
        database.inTenant(tenant, connection -> {
            claim.done(connection);
            return true;
        });
    }

    /** The tenant's first channel of e-mail that is on: null where it has none, so that nobody gets any. */
    static @Nullable EventId channel(Connection connection, TenantId tenant) throws SQLException {
        return ChannelRows.list(connection, tenant, Set.of()).stream()
                .filter(channel ->
                        channel.content().enabled() && channel.content().kind() == Channel.Kind.EMAIL)
                .map(Channel::id)
                .findFirst()
                .orElse(null);
    }

    private String text(InboxRows.Mail mail) {
        var entry = mail.entry();
        URI origin = personal.origin();
        var path = entry.about() == InboxEntry.About.CASE ? "/cases/" : "/alerts?alert=";
        return words(entry) + ".\n\n" + entry.title() + "\n"
                + (origin == null ? "" : "\n" + origin.resolve(path + entry.subject()) + "\n")
                + "\nYou get this because you asked for it; the inbox in the console has a switch for it.\n";
    }

    private static String words(InboxEntry entry) {
        var what = entry.about() == InboxEntry.About.CASE
                ? "case #" + entry.number()
                : entry.count() == 1 ? "an alert" : entry.count() + " alerts";
        return switch (entry.kind()) {
            case ASSIGNED -> entry.by() + " gave you " + what;
            case TASK -> entry.by() + " gave you a task of " + what;
            case MENTIONED -> entry.by() + " names you in " + what;
            case LATE -> "Something is late in " + what;
        };
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
