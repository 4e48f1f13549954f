package io.marsad.soc.notify;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Properties;

/** Sends e-mail by the installation's server. Thread-safe. */
final class Mailer {
    private static final int PATIENCE_MS = 15_000;
    private static final int MOST_RECIPIENTS = 50;

    private final MailServer server;

    Mailer(MailServer server) {
        this.server = server;
    }

    /**
     * An e-mail of plain text.
     *
     * @param id the same whenever the same is sent again, so that readers show it once
     * @param to by commas
     */
    record Mail(String id, String to, String subject, String text, Instant at) {}

    /** @throws IOException when the server does not take it for all of them */
    void send(Mail mail) throws IOException {
        var session = Session.getInstance(properties());
        try (var transport = session.getTransport(server.security() == MailServer.Security.TLS ? "smtps" : "smtp")) {
            var message = new Named(session, "<" + mail.id + "@marsad>");
            message.setFrom(new InternetAddress(server.from()));
            message.setRecipients(Message.RecipientType.TO, recipients(mail.to));
            message.setSubject(oneLine(mail.subject), StandardCharsets.UTF_8.name());
            message.setSentDate(Date.from(mail.at));
            message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: nobody's holiday answers it
            message.setText(mail.text, StandardCharsets.UTF_8.name());
            message.saveChanges();
            if (server.user().isEmpty()) {
                transport.connect();
            } else {
                transport.connect(server.user(), server.password());
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException e) {
            throw new IOException("the mail server does not take it: " + e.getMessage(), e);
        }
    }

    /** @throws AddressException when one is no address, or there are none or too many */
    static InternetAddress[] recipients(String text) throws AddressException {
        var all = InternetAddress.parse(text, true);
        if (all.length == 0 || all.length > MOST_RECIPIENTS) {
            throw new AddressException("1 to " + MOST_RECIPIENTS + " recipients are expected", text);
        }
        for (var one : all) {
            one.validate();
        }
        return all;
    }

    private Properties properties() {
        var name = server.security() == MailServer.Security.TLS ? "smtps" : "smtp";
        var properties = new Properties();
        properties.setProperty("mail." + name + ".host", server.host());
        properties.setProperty("mail." + name + ".port", Integer.toString(server.port()));
        properties.setProperty(
                "mail." + name + ".auth", Boolean.toString(!server.user().isEmpty()));
        properties.setProperty("mail." + name + ".ssl.checkserveridentity", "true");
        for (String bound : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail." + name + "." + bound, Integer.toString(PATIENCE_MS));
        }
        if (server.security() == MailServer.Security.STARTTLS) {
            properties.setProperty("mail.smtp.starttls.enable", "true");
            properties.setProperty("mail.smtp.starttls.required", "true");
        }
        return properties;
    }

    /** No line break gets into a header, and nothing that turns text around. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]+", " ").strip();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "mail by %s", server);
    }

    /** Keeps the id that it was given. */
    private static final class Named extends MimeMessage {
        private final String id;

        Named(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
