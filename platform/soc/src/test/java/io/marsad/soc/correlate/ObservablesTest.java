package io.marsad.soc.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.soc.correlate.Observables.AccountNames;
import io.marsad.soc.correlate.Observables.HostNames;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ObservablesTest {
    private final Observables observables = new Observables(StopList.usual());

    @Test
    void oneAccountHasManyNames() {
        var plain = account("alice", "CONTOSO", null, "S-1-5-21-1-2-3-1104");
        assertShared(plain, account("CONTOSO\\Alice", null, null, null));
        assertShared(plain, account("Alice Smith", null, "alice@contoso.example", null));
        assertShared(plain, account("alice@contoso.example", null, null, null));
        assertShared(plain, account(null, null, null, "S-1-5-21-1-2-3-1104"));
        assertShared(plain, account("alice", null, null, null));
        assertNotShared(plain, account("FABRIKAM\\alice", null, null, "S-1-5-21-9-9-9-1104"));
        assertNotShared(
                account(null, null, "alice@contoso.example", null), account(null, null, "alice@contoso.test", null));
    }

    @Test
    void builtInAccountsAreNobodyAndAComputersAccountIsTheComputer() {
        assertThat(account("SYSTEM", "NT AUTHORITY", null, null)).isEmpty();
        assertThat(account("anything", null, null, "S-1-5-18")).isEmpty();
        assertThat(account("DWM-3", "Window Manager", null, null)).isEmpty();
        assertThat(account("svc", null, null, "S-1-5-80-1-2-3-4-5")).isEmpty();
        assertThat(account("root", null, null, null)).isEmpty();
        assertThat(account("-", "", null, null)).isEmpty();
        assertShared(account("WIN10$", "CONTOSO", null, null), host(null, "win10.contoso.example", null));
    }

    @Test
    void oneHostHasManyNamesAndAShortOneIsNotCertain() {
        var whole = host("id-1", "win10.contoso.example", "WIN10");
        assertShared(whole, host(null, "WIN10.contoso.example.", null));
        assertShared(whole, host("id-1", null, null));
        assertShared(whole, host(null, null, "win10"));
        assertNotShared(whole, host(null, "win10.fabrikam.example", null));
        assertThat(host(null, "localhost", null)).isEmpty();
        assertThat(observables.host(new HostNames(null, null, "10.0.0.5", null), Role.VICTIM))
                .isEmpty();
    }

    @Test
    void anAddressIsItsHostsForAlertsThatKnowNoMore() {
        var one = observables.host(new HostNames("id-1", null, "a", "10.0.0.5"), Role.VICTIM);
        var other = observables.host(new HostNames("id-2", null, "b", "10.0.0.5"), Role.VICTIM);
        var address = observables.ip("10.0.0.5", Role.INVOLVED);
        assertShared(one, address);
        assertNotShared(one, other);
    }

    @Test
    void addressesOfNobodyAreNone() {
        for (String none : List.of(
                "127.0.0.1",
                "::1",
                "0.0.0.0",
                "169.254.3.4",
                "224.0.0.251",
                "fe80::1%eth0",
                "8.8.8.8",
                "255.255.255.255",
                "host",
                "",
                "1.2.3",
                "999.1.1.1")) {
            assertThat(observables.ip(none, Role.INVOLVED)).as(none).isEmpty();
        }
        assertShared(observables.ip("::ffff:203.0.113.9", Role.INVOLVED), observables.ip("203.0.113.9", Role.ACTOR));
        assertShared(observables.ip("2001:DB8::1", Role.INVOLVED), observables.ip("2001:db8:0:0:0:0:0:1", Role.ACTOR));
    }

    @Test
    void filesOfSystemsSayNothingAndTheSameNameElsewhereDoes() {
        assertThat(file("C:\\Windows\\System32", "cmd.exe")).isEmpty();
        assertThat(file("C:\\Program Files\\Tool\\", "tool.exe")).isEmpty();
        assertThat(file("\\Device\\HarddiskVolume3\\Windows\\System32", "svchost.exe"))
                .isEmpty();
        assertThat(file("/usr/bin", "curl")).isEmpty();
        assertThat(file(null, "powershell.exe")).isEmpty();
        assertThat(file("C:\\Windows\\Temp", "cmd.exe")).isPresent();
        assertThat(file("c:\\users\\a\\appdata\\local\\temp\\notepad.exe", "notepad.exe"))
                .isPresent();
        var hash = "a".repeat(64);
        assertShared(
                observables.file("/tmp", "x", List.of(hash), Role.ACTOR),
                observables.file(null, null, List.of(hash.toUpperCase(java.util.Locale.ROOT)), Role.ACTOR));
        assertNotShared(
                observables.file("/tmp", "x", List.of(hash), Role.ACTOR),
                observables.file("/tmp", "x", List.of("b".repeat(64)), Role.ACTOR));
        assertThat(observables.file(null, null, List.of("d41d8cd98f00b204e9800998ecf8427e", "zz"), Role.ACTOR))
                .isEmpty();
    }

    @Test
    void aUrlIsItsPathAndItsHost() {
        assertShared(url("https://evil.example/a?b#c"), url("http://EVIL.example:8080/x"));
        assertShared(url("https://evil.example/a"), observables.domain("evil.example.", Role.ACTOR));
        assertShared(url("http://203.0.113.9/x"), observables.ip("203.0.113.9", Role.ACTOR));
        assertNotShared(url("https://www.google.com/search?q=1"), url("https://www.google.com/search?q=2"));
        assertThat(url("https://login.microsoftonline.com/")).isEmpty();
        assertThat(url("https://user:secret@evil.example/"))
                .hasValueSatisfying(found -> assertThat(found.keys())
                        .extracting(Observable.Key::value)
                        .containsExactly("evil.example"));
    }

    @Test
    void aTenantsOwnStopListCounts() {
        var own = new Observables(
                StopList.usual().and(java.util.Set.of("Scanner@contoso.example"), java.util.Set.of("jump1")));
        assertThat(own.account(new AccountNames("scanner", null, "scanner@contoso.example", null, null), Role.ACTOR))
                .isEmpty();
        assertThat(own.host(new HostNames(null, null, "JUMP1", null), Role.ACTOR))
                .hasValueSatisfying(host -> assertThat(host.keys()).allMatch(key -> key.grip() == Grip.FAINT));
    }

    private Optional<Observable> account(
            @Nullable String name, @Nullable String domain, @Nullable String mail, @Nullable String sid) {
        return observables.account(new AccountNames(name, domain, mail, sid, null), Role.INVOLVED);
    }

    private Optional<Observable> host(@Nullable String id, @Nullable String fqdn, @Nullable String name) {
        return observables.host(new HostNames(id, fqdn, name, null), Role.VICTIM);
    }

    private Optional<Observable> file(@Nullable String folder, String name) {
        return observables.file(folder, name, List.of(), Role.ACTOR);
    }

    private Optional<Observable> url(String url) {
        return observables.url(url, Role.ACTOR);
    }

    private static void assertShared(Optional<Observable> one, Optional<Observable> other) {
        assertThat(isShared(one.orElseThrow(), other.orElseThrow())).isTrue();
    }

    private static void assertNotShared(Optional<Observable> one, Optional<Observable> other) {
        assertThat(isShared(one.orElseThrow(), other.orElseThrow())).isFalse();
    }

    private static boolean isShared(Observable one, Observable other) {
        var correlator = new Correlator(Parameters.usual());
        correlator.add(fact("a", one));
        correlator.add(fact("b", other));
        return correlator.edge("a", "b").isPresent();
    }

    private static AlertFact fact(String id, Observable observable) {
        return new AlertFact(
                id, Alerts.NOON, Alerts.NOON, "", java.util.Set.of(), List.of(observable), java.util.Set.of());
    }
}
