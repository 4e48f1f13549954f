package io.marsad.soc.notify;

/**
 * The server that takes the installation's e-mail (RFC 5321); the operator names it.
 *
 * @param user empty when it asks for none
 */
public record MailServer(String host, int port, Security security, String from, String user, String password) {
    /** How the connection is kept from being read. */
    public enum Security {
        /** TLS from the beginning. */
        TLS,
        /** TLS once the server was asked (RFC 3207); without it nothing is sent. */
        STARTTLS,
        /** Not at all: for a server on the same machine. */
        NONE
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
