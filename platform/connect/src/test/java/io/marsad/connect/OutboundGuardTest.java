package io.marsad.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundGuardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://idp.example.org/",
                "ftp://idp.example.org/",
                "//idp.example.org/",
                "idp.example.org",
                "https:///path",
                "https://user:password@idp.example.org/",
                "https://idp.example.org/#part",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:169.254.169.254]/",
                "https://169.254.169.254/latest/meta-data",
                "https://10.0.0.1/",
                "https://192.168.1.1:8443/",
                "https://172.20.0.1/",
                "https://100.64.0.1/",
                "https://[fd00:ec2::254]/",
                "https://[fe80::1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://0.0.0.0/",
                "https://224.0.0.1/",
                "not an address",
            })
    void whatIsNotOfTheInternetIsRefused(String url) {
        var guard = new OutboundGuard(List.of());
        assertThatThrownBy(() -> {
                    var uri = guard.https(url);
                    // What reads as a name is looked at when it is connected to.
                    guard.connect(OutboundGuard.unbracketed(uri.getHost()), OutboundGuard.port(uri), PATIENCE)
                            .close();
                })
                .isInstanceOfAny(OutboundRefused.class, java.net.UnknownHostException.class);
    }

    @Test
    void aNameIsLookedAtWhenItIsConnectedTo() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            var strict = new OutboundGuard(List.of("10.0.0.0/8", "localhost.example.org", "::2"));
            strict.https("https://localhost:" + port + "/"); // reads well
            assertThatThrownBy(() -> strict.connect("localhost", port, PATIENCE))
                    .isInstanceOf(OutboundRefused.class)
                    .hasMessageContaining("outbound.allow")
                    .hasMessageNotContaining("127.0.0.1");
            for (var allowed :
                    List.of("localhost", "127.0.0.0/8,::1", "127.0.0.1,::1/128", "http://localhost:" + port)) {
                var guard = new OutboundGuard(List.of(allowed.split(",")));
                guard.connect("localhost", port, PATIENCE).close();
                server.accept().close();
            }
        }
    }

    @Test
    void withoutTlsOnlyWhatIsAllowedSo() throws Exception {
        var guard = new OutboundGuard(List.of("http://idp.corp.example:8080"));
        assertThat(guard.https("http://idp.corp.example:8080/realms/x").getHost())
                .isEqualTo("idp.corp.example");
        for (var other :
                List.of("http://idp.corp.example/", "http://idp.corp.example:8081/", "http://other.example:8080/")) {
            assertThatThrownBy(() -> guard.https(other)).as(other).isInstanceOf(OutboundRefused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0/33", "10.0.0/8", "a b", "http://user@host", "http://host/path", "::1/129", "-x"})
    void whatCannotBeMeantIsNotAllowed(String one) {
        assertThatThrownBy(() -> new OutboundGuard(List.of(one))).isInstanceOf(IllegalArgumentException.class);
    }
}
