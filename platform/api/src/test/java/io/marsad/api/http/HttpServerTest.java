package io.marsad.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, what parameters have to be, and what is answered. */
class HttpServerTest extends SmallServer {
    @Test
    void bindsTheCallerAndReadsParametersByTheContract() throws Exception {
        assertThat(send(withToken("/v1/things")).body()).isEqualTo("acme 3[]");
        assertThat(send(withToken("/v1/things?limit=5&kind=small,large").header("X-Tenant-ID", "acme"))
                        .body())
                .isEqualTo("acme 5[small, large]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=6", "limit=0", "limit=x", "kind=small,huge", "limt=3", "limit=1&limit=2"})
    void refusesParametersThatAreNotAsTheContractHasThem(String query) throws Exception {
        assertProblem(send(withToken("/v1/things?" + query)), 400, "invalid-parameter");
    }

    @Test
    void asksForACredential() throws Exception {
        assertProblem(send(to("/v1/things")), 401, "unauthorized");
        assertProblem(send(to("/v1/things").header("Authorization", "Bearer wrong")), 401, "unauthorized");
        assertProblem(send(to("/v1/things").header("Authorization", "Basic dDBrM24=")), 401, "unauthorized");
        assertProblem(send(to("/v1/things").header("Cookie", "marsad_session=wrong")), 401, "unauthorized");
        assertThat(send(to("/v1/things").header("Cookie", "a=b; marsad_session=s3ss10n"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesAnotherTenantsName() throws Exception {
        assertProblem(send(withToken("/v1/things").header("X-Tenant-ID", "other")), 403, "forbidden");
    }

    @Test
    void sessionsHaveToRepeatTheirCsrfValueToChangeSomething() throws Exception {
        var body = text("{\"name\":\"a\"}");
        var session = "marsad_session=s3ss10n";
        assertProblem(send(to("/v1/things").header("Cookie", session).POST(body)), 403, "forbidden");
        assertProblem(
                send(to("/v1/things")
                        .header("Cookie", session)
                        .header("X-Marsad-Csrf", "x")
                        .POST(body)),
                403,
                "forbidden");
        assertThat(send(to("/v1/things")
                                .header("Cookie", session)
                                .header("X-Marsad-Csrf", "c5rf")
                                .POST(body))
                        .body())
                .isEqualTo("a");
        assertThat(send(withToken("/v1/things").POST(body)).statusCode()).isEqualTo(200);
        assertProblem(
                send(withToken("/v1/things")
                        .header("Sec-Fetch-Site", "cross-site")
                        .POST(body)),
                403,
                "forbidden");
    }

    @Test
    void operatorsRoutesAreOpenToThisMachineAndNotToItsProxy() throws Exception {
        assertThat(send(to("/inside")).body()).isEqualTo("numbers");
        assertProblem(send(to("/inside").header("X-Forwarded-For", "192.0.2.1")), 401, "unauthorized");
        assertProblem(send(withToken("/inside").header("X-Forwarded-For", "192.0.2.1")), 403, "forbidden");
    }

    @Test
    void operatorsRoutesAreForTheInstallationsOwnTenant() throws Exception {
        assertProblem(send(to("/operators")), 401, "unauthorized"); // nor does this machine need no credential
        assertProblem(send(withToken("/operators")), 403, "forbidden");
        assertThat(send(to("/operators").header("Authorization", "Bearer operat0r"))
                        .body())
                .isEqualTo("everybody");
        assertProblem(
                send(to("/inside").header("Authorization", "Bearer operat0r").header("X-Forwarded-For", "192.0.2.1")),
                403,
                "forbidden");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/nothing,404,not-found",
        "GET,/v1/things/,404,not-found",
        "GET,/v1/things/no-uuid,404,not-found",
        "GET,/assets/none.js,404,not-found",
        "GET,/assets/%2e%2e/index.html,404,not-found",
        "POST,/pages/are/not/posted/to,404,not-found",
        "DELETE,/v1/things,405,method",
        "BREW,/v1/things,405,method",
        "HEAD,/v1/nothing,404,",
        "OPTIONS,/open,405,method"
    })
    void answersWithAProblem(String method, String path, int status, @Nullable String type) throws Exception {
        var response = send(withToken(path).method(method, HttpRequest.BodyPublishers.noBody()));
        if (type == null) {
            assertThat(response.statusCode()).isEqualTo(status);
        } else {
            assertProblem(response, status, type);
        }
    }

    @Test
    void keepsInternalsInside() throws Exception {
        var response = send(withToken("/v1/things/00000000-0000-7000-8000-000000000000"));
        assertProblem(response, 500, "internal");
        assertThat(response.body()).doesNotContain("secret", "Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/1.1\r\n\r\n",
                "GET /open HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: br, chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/hook/t0k3n HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"
            })
    void malformedRequestsGetAProblemToo(String request) throws Exception {
        var answer = raw(request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer).startsWith("HTTP/1.1 ").contains("application/problem+json", "urn:marsad:problem:");
        assertThat(answer.substring(9, 10)).isIn("4", "5");
        assertThat(answer).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\r\n\r\n", "GET /open HTTP/9.9\r\nHost: x\r\n\r\n", "\u0016\u0003\u0001"})
    void whatIsNotHttpIsHungUpOn(String request) throws Exception {
        assertThat(raw(request.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
    }

    @Test
    void servesTheConsole() throws Exception {
        var page = send(to("/alerts/some-page"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        var policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        var nonce = page.body().replaceAll("(?s).*nonce=\"([^\"]+)\".*", "$1");
        assertThat(policy)
                .contains("'nonce-" + nonce + "'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(send(to("/")).body()).doesNotContain(nonce, "__CSP_NONCE__");
        var ofValue = send(to("/entities/host/ws-1.halden.example"));
        assertThat(ofValue.statusCode())
                .as("a page, whatever dots the value has")
                .isEqualTo(200);
        assertThat(ofValue.body()).contains("nonce=");

        var asset = send(to("/assets/app-1.js"));
        assertThat(asset.body()).isEqualTo("plain");
        assertThat(asset.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        var packed = send(to("/assets/app-1.js").header("Accept-Encoding", "br, gzip;q=0.5"));
        assertThat(packed.body()).isEqualTo("packed");
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    }

    @Test
    void keepsTheSendersRequestIdWhenItIsHarmless() throws Exception {
        assertThat(send(to("/open").header("X-Request-Id", "abc-1")).headers().firstValue("X-Request-Id"))
                .contains("abc-1");
        assertThat(send(to("/open").header("X-Request-Id", "a b")).headers().firstValue("X-Request-Id"))
                .isNotEmpty()
                .isNotEqualTo("a b");
    }
}
