package io.marsad.server.config;

import io.marsad.soc.notify.MailServer;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The keys {@code mail.*}: the server that takes the installation's e-mail. */
final class MailKeys {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>,]{1,64}@[^\\s@<>,]{1,255}");

    private MailKeys() {}

    /**
     * @param text reads a key's text, or the fallback where there is none
     * @param fault takes what is wrong
     */
    static MailServer read(BiFunction<String, String, String> text, int port, Consumer<String> fault) {
        var host = text.apply("mail.server", "");
        if (!HOST.matcher(host).matches()) {
            fault.accept("'mail.server': the name or address of a server is expected");
        }
        var from = text.apply("mail.from", "");
        if (!ADDRESS.matcher(from).matches()) {
            fault.accept("'mail.from' is needed with 'mail.server': an address such as soc@example.org");
        }
        var user = text.apply("mail.user", "");
        var security = security(text.apply("mail.security", "starttls"), fault);
        boolean here = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("::1");
        if (security == MailServer.Security.NONE && !here) {
            fault.accept("'mail.security: none' is for a server on this machine: what people are told would be read"
                    + " on the way");
        }
        return new MailServer(host, port, security, from, user, text.apply("mail.password", ""));
    }

    private static MailServer.Security security(String word, Consumer<String> fault) {
        try {
            return MailServer.Security.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            fault.accept("'mail.security': starttls, tls or none is expected");
            return MailServer.Security.STARTTLS;
        }
    }
}
