package io.marsad.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract breaks nobody who holds to the one that was accepted last. */
class AcceptedContractTest {
    @Test
    void nobodyIsBroken() throws Exception {
        var accepted = Path.of(System.getProperty("marsad.root", "../.."), "api", "openapi.accepted.yaml");
        var breaks = ContractBreaks.between(Files.readString(accepted), OpenApi.text());
        assertThat(breaks).as("""
                        api/openapi.yaml breaks clients of api/openapi.accepted.yaml. Keep what was, beside what is new; or, \
                        when it has to be, say why: ./marsad contract accept "REASON" (docs/reference/api-changes.md)""").isEmpty();
    }
}
