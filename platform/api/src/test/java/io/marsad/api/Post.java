package io.marsad.api;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.notify.MailServer;
import io.marsad.soc.notify.PersonalMail;
import io.marsad.soc.notify.Ways;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;

/** A mail server of this machine, and what it was given. */
final class Post implements AutoCloseable {
    static final String ORIGIN = "https://soc.example.org";

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final TestNode node;

    Post(TestNode node) {
        this.node = node;
        server.start();
    }

    /** One that was received. */
    record Received(String to, String subject, String id, String text) {}

    List<Received> all() throws MessagingException, IOException {
        var all = new ArrayList<Received>();
        for (var message : server.getReceivedMessages()) {
            all.add(new Received(
                    message.getAllRecipients()[0].toString(),
                    message.getSubject(),
                    message.getMessageID(),
                    String.valueOf(message.getContent())));
        }
        return all;
    }

    List<Received> to(String address) throws MessagingException, IOException {
        return all().stream().filter(one -> one.to.equals(address)).toList();
    }

    PersonalMail mail() {
        var guard = new OutboundGuard(List.of());
        var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var server = new MailServer(
                "127.0.0.1", this.server.getSmtp().getPort(), MailServer.Security.NONE, "soc@example.org", "", "");
        var ways = new Ways(
                guard, new OutboundHttp(guard, tls, OutboundHttp.Limits.standard()), server, URI.create(ORIGIN));
        return new PersonalMail(node.database, ways);
    }

    /** The tenant has a channel of e-mail that is on. */
    void channel(TenantId tenant) {
        node.database.inTenant(tenant, connection -> {
            try (var insert = connection.prepareStatement(
                    "INSERT INTO notification_channels (tenant_id, channel_id, name,"
                            + " kind, target, min_severity, per_hour, enabled, version, created_at, updated_at)"
                            + " VALUES (?, uuidv7(), 'post', 'email', 'soc@example.org', 1, 1000, true, 1, now(), now()) ON CONFLICT DO NOTHING")) {
                insert.setString(1, tenant.value());
                return insert.executeUpdate();
            }
        });
    }

    /** Sends what a page of ours would. */
    static HttpResponse<byte[]> form(TestNode node, String path, Map<String, String> values) throws Exception {
        var body = values.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.server.port() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return node.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        server.stop();
    }
}
