package io.marsad.soc.correlate.securityalert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import io.marsad.soc.correlate.StopList;
import io.marsad.soc.correlate.Tactic;
import io.marsad.testkit.Seed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class SecurityAlertReaderTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String ENTITIES = """
            [{"$id":"1","HostName":"WIN10","DnsDomain":"corp.example","MdatpDeviceId":"abc","Type":"host",
              "LastIpAddress":{"$id":"2","Address":"10.1.2.3","Type":"ip"},
              "LastExternalIpAddress":{"$id":"3","Address":"198.51.100.7","Type":"ip"},
              "LoggedOnUsers":[{"AccountName":"bob","DomainName":"CORP"}]},
             {"$id":"4","Name":"Alice Smith","AccountName":"alice","NTDomain":"CORP","Asset":true,
              "Sid":"S-1-5-21-1-2-3-1104","UserPrincipalName":"alice@corp.example","Type":"account"},
             {"$id":"5","ProcessId":"77","Type":"process","CommandLine":"evil.exe",
              "ImageFile":{"$id":"6","Directory":"C:\\\\Users\\\\alice","Name":"evil.exe","Type":"file",
                "FileHashes":[{"$id":"7","Algorithm":"MD5","Value":"0123456789abcdef0123456789abcdef","Type":"filehash"}]},
              "ParentProcess":{"$id":"8","Type":"process","ImageFile":{"$id":"9","Directory":"C:\\\\Windows\\\\System32",
                "Name":"cmd.exe","Type":"file"},"ParentProcess":{"$ref":"5"}}},
             {"$ref":"6"},{"$ref":"7"},
             {"$id":"10","Address":"203.0.113.9","Roles":["Contextual"],"Type":"ip"},
             {"$id":"11","NetworkMessageId":"m-1","Recipient":"alice@corp.example","P2Sender":"eve@evil.example",
              "Urls":["http://evil.example/x"],"Type":"mailMessage"},
             {"$id":"12","Name":"Office 365","AppId":11161,"Type":"cloud-application"},
             {"$id":"13","SessionId":"s-1","Type":"cloud-logon-session"}]""";

    private final SecurityAlertReader reader = new SecurityAlertReader(StopList.usual());

    @Test
    void anAlertIsReadWithItsEntitiesEachOnce() throws SecurityAlertException {
        var alert = reader.read(json(Map.of("Entities", ENTITIES, "Tactics", "LateralMovement, Execution")));

        assertThat(alert.faults()).isEmpty();
        assertThat(alert.severity()).isEqualTo("High");
        var fact = alert.fact();
        assertThat(fact.id()).isEqualTo("id-1");
        assertThat(fact.title()).isEqualTo("Something happened");
        assertThat(fact.start()).isEqualTo(Instant.parse("2024-07-02T09:47:31.784654Z"));
        assertThat(fact.end()).isEqualTo(Instant.parse("2024-07-02T09:48:03Z"));
        assertThat(fact.tactics()).containsExactlyInAnyOrder(Tactic.LATERAL_MOVEMENT, Tactic.EXECUTION);
        assertThat(fact.egress()).containsExactly("198.51.100.7");
        assertThat(fact.observables())
                .extracting(o -> o.kind() + " " + o.name() + " " + o.role())
                .containsExactlyInAnyOrder(
                        "HOST win10.corp.example INVOLVED",
                        "ACCOUNT alice@corp.example VICTIM",
                        "ACCOUNT alice@corp.example VICTIM",
                        "ACCOUNT eve@evil.example ACTOR",
                        "ACCOUNT bob RELATED",
                        "FILE evil.exe INVOLVED",
                        "IP 203.0.113.9 RELATED",
                        "MAIL_MESSAGE m-1 INVOLVED",
                        "URL http://evil.example/x INVOLVED",
                        "SESSION s-1 INVOLVED",
                        "DIRECTORY corp.example INVOLVED",
                        "DIRECTORY corp.example INVOLVED",
                        "DETECTION something happened INVOLVED");
        assertThat(fact.observables().stream().filter(o -> o.kind() == Kind.HOST))
                .singleElement()
                .satisfies(host -> assertThat(host.keys())
                        .extracting(Observable.Key::text)
                        .contains("host/id:abc", "host/fqdn:win10.corp.example", "ip:10.1.2.3"));
    }

    @Test
    void tacticsComeFromTechniquesWhereNoneIsTold() throws SecurityAlertException {
        var alert = reader.read(json(Map.of("Tactics", "Unknown", "Techniques", "[\"T1021\",\"T1486\",\"T9999\"]")));
        assertThat(alert.fact().tactics()).containsExactlyInAnyOrder(Tactic.LATERAL_MOVEMENT, Tactic.IMPACT);
    }

    @Test
    void timesAreReadAsAnyExportWritesThem() throws SecurityAlertException {
        for (String time : List.of(
                "2024-07-22 09:44:22+00:00",
                "2024-07-22T09:44:22Z",
                "2024-07-22T11:44:22.0000000+02:00",
                "2024-07-22 09:44:22",
                "7/22/2024, 9:44:22.000 AM",
                "07/22/2024 9:44:22 AM")) {
            assertThat(reader.read(json(Map.of("StartTime", time, "EndTime", "")))
                            .fact()
                            .start())
                    .as(time)
                    .isEqualTo(Instant.parse("2024-07-22T09:44:22Z"));
        }
    }

    @Test
    void whatIsOddIsLeftOutAndNamed() throws SecurityAlertException {
        assertThat(faults(Map.of("Entities", "[")).getFirst()).startsWith("Entities: not JSON");
        assertThat(faults(Map.of("Entities", Map.of()))).containsExactly("Entities: a list is expected");
        assertThat(faults(Map.of("Entities", List.of(1)))).containsExactly("Entities: objects are expected");
        assertThat(faults(Map.of("Entities", List.of(Map.of("$ref", "9")))))
                .containsExactly("Entities: no entity has the $id 9");
        assertThat(faults(Map.of("Entities", List.of(Map.of("Type", "ip", "Address", List.of())))))
                .containsExactly("Entities: Address: text is expected");
        assertThat(faults(Map.of("DisplayName", 7))).containsExactly("DisplayName: text is expected");
        assertThat(faults(Map.of("Tactics", 7))).containsExactly("Tactics: a list or text is expected");
        assertThat(faults(Map.of("EndTime", "yesterday"))).containsExactly("EndTime: not a time");
        assertThat(faults(Map.of("EndTime", "2024-07-01 00:00:00Z"))).containsExactly("EndTime: is before the start");
    }

    @Test
    void withoutIdOrTimeItIsNoAlert() {
        assertThatThrownBy(() -> reader.read("[]")).hasMessage("a JSON object is expected");
        assertThatThrownBy(() -> reader.read("{")).hasMessageStartingWith("not JSON");
        assertThatThrownBy(() -> reader.read("{}")).hasMessageStartingWith("SystemAlertId");
        assertThatThrownBy(() -> reader.read("{\"SystemAlertId\":\"x\"}")).hasMessageStartingWith("StartTime");
        assertThatThrownBy(() -> reader.read(" ".repeat((4 << 20) + 1))).hasMessageContaining("4 MiB");
    }

    @Test
    void theSourcesOwnIncidentsAreNotRead() throws SecurityAlertException {
        var plain = reader.read(json(Map.of()));
        var labelled =
                reader.read(json(Map.of("incidents", List.of("5"), "ExtendedProperties", "{\"IncidentId\":\"384\"}")));
        assertThat(labelled).isEqualTo(plain);
    }

    @Test
    void brokenInputEndsInAnAlertOrAReasonNeverOtherwise() {
        var random = Seed.of("security alerts").random();
        var whole = json(Map.of("Entities", ENTITIES, "Tactics", "[\"Impact\"]"));
        var odd = List.of("\"", "{", "}", "[", "]", ",", ":", "null", "-1", "true", "\\", "$ref", "\u0000", "\ud800");
        int read = 0;
        for (int i = 0; i < 1_000; i++) {
            var text = new StringBuilder(whole);
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, odd.get(random.nextInt(odd.size())));
                    default -> text.setCharAt(at, (char) random.nextInt(32, 127));
                }
            }
            try {
                assertThat(reader.read(text.toString()).faults()).hasSizeLessThanOrEqualTo(32);
                read++;
            } catch (SecurityAlertException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void manyAndDeepEntitiesAreBounded() throws SecurityAlertException {
        var many = new StringBuilder("[");
        for (int i = 0; i < 5_000; i++) {
            many.append(i == 0 ? "" : ",")
                    .append("{\"Type\":\"ip\",\"Address\":\"203.0.")
                    .append(i / 250)
                    .append('.')
                    .append(i % 250)
                    .append("\"}");
        }
        var alert = reader.read(json(Map.of("Entities", many.append("]").toString())));
        assertThat(alert.fact().observables()).hasSize(64);
        assertThat(alert.faults()).singleElement().asString().contains("more than 2000");
        assertThat(faults(Map.of("Entities", "[".repeat(1_000) + "]".repeat(1_000)))
                        .getFirst())
                .startsWith("Entities: not JSON");
    }

    private List<String> faults(Map<String, Object> with) throws SecurityAlertException {
        return reader.read(json(with)).faults();
    }

    private static String json(Map<String, ?> with) {
        var alert = new LinkedHashMap<String, Object>();
        alert.put("SystemAlertId", "id-1");
        alert.put("DisplayName", "Something happened");
        alert.put("AlertSeverity", "High");
        alert.put("StartTime", "2024-07-02 09:47:31.784654+00:00");
        alert.put("EndTime", "2024-07-02 09:48:03+00:00");
        alert.putAll(with);
        return MAPPER.writeValueAsString(alert);
    }
}
