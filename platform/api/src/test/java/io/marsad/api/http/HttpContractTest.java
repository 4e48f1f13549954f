package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.api.contract.OpenApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server is only built for a contract that says what each route needs. */
class HttpContractTest {
    @Test
    void refusesToBeBuiltWithOtherRoutesThanTheContracts() {
        assertThatThrownBy(() -> new RouteTable(
                        OpenApi.read(SmallServer.CONTRACT), SmallServer.ROUTES.subList(1, SmallServer.ROUTES.size())))
                .hasMessageContaining("list is in the contract and has no code");
        assertThatThrownBy(() -> new RouteTable(
                        OpenApi.read(SmallServer.CONTRACT.replace("operationId: open", "operationId: other")),
                        SmallServer.ROUTES))
                .hasMessageContaining("other is in the contract and has no code")
                .hasMessageContaining("open has code and is not in the contract");
    }

    @ParameterizedTest
    @CsvSource({
        "x-tenancy: public, x-tenancy: nobody, x-tenancy is",
        "x-permission: things:read, x-other: 1, is missing",
        "x-tenancy: tenant, x-tenancy: public, asks for no credential"
    })
    void refusesContractsThatDoNotSayWhatARouteNeeds(String is, String becomes, String message) {
        assertThatThrownBy(() -> OpenApi.read(SmallServer.CONTRACT.replaceFirst(is, becomes)))
                .hasMessageContaining(message)
                .isInstanceOf(IllegalStateException.class);
    }
}
