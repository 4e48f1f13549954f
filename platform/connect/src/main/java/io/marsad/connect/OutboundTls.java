package io.marsad.connect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS to servers that a tenant named: their certificate has to be of their name. Stateless. */
public final class OutboundTls {
    private OutboundTls() {}

    /**
     * Who is trusted when these certificates say who may sign a server's.
     *
     * @param pem one or several certificates
     * @throws IllegalArgumentException when it is none
     */
    public static SSLSocketFactory trusting(String pem) {
        try {
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("there is no certificate in it");
            }
            return trusting(List.copyOf(certificates));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("this is no certificate in PEM", e);
        }
    }

    private static SSLSocketFactory trusting(Collection<Certificate> certificates) throws GeneralSecurityException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (var certificate : certificates) {
                store.setCertificateEntry("trusted-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read", e);
        }
    }

    /** Makes a connection a TLS one, once it is known whose it is. */
    static SSLSocket secure(SSLSocketFactory tls, Socket plain, String host, int port) throws IOException {
        if (!(tls.createSocket(plain, host, port, true) instanceof SSLSocket socket)) {
            throw new IllegalStateException("a factory of TLS sockets makes TLS sockets");
        }
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /**
     * Sends bytes and closes the connection in order, so that an exception says when the other end did not take them.
     *
     * @param whole time for all of it
     * @throws OutboundRefused when it is not to be talked to
     * @throws IOException when it cannot be reached, is not who it has to be, or does not take them in time
     */
    public static void send(
            OutboundGuard guard, SSLSocketFactory tls, String host, int port, byte[] bytes, Duration whole)
            throws IOException {
        var plain = guard.connect(host, port, whole);
        var deadline = new Deadline(plain, whole);
        try (plain;
                deadline;
                var socket = secure(tls, plain, host, port)) {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            // A receiver of syslog says nothing; that it closes tells that it has read to the end.
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            if (deadline.passed()) {
                throw new IOException(host + " did not take it within " + whole.toSeconds() + " s", e);
            }
            throw e;
        }
    }
}
