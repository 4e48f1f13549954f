package io.marsad.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicAddressTest {
    @Test
    void whichAddressesArePublic() throws Exception {
        for (String address : List.of("1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111")) {
            assertThat(PublicAddress.is(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
        for (String address : List.of(
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "127.0.0.2",
                "169.254.169.254",
                "172.16.0.1",
                "192.168.1.1",
                "192.0.2.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd00::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001:db8::1")) {
            assertThat(PublicAddress.is(InetAddress.getByName(address)))
                    .as(address)
                    .isFalse();
        }
    }
}
