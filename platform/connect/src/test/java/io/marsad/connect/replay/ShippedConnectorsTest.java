package io.marsad.connect.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShippedConnectorsTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/connectors");

    @Test
    void everyShippedConnectorDoesWhatIsRecorded() throws Exception {
        var report = ConnectorTests.run(SHIPPED);
        assertThat(report.failures()).isEmpty();
        assertThat(report.failed()).isZero();
        assertThat(report.connectors()).isGreaterThanOrEqualTo(18);
    }
}
