package io.marsad.db.vault;

import io.marsad.db.Database;
import io.marsad.db.PostgresAccess;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.tenant.TenantId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/** A JVM of its own that gives all secrets new keys of both kinds, until it is killed. */
public final class ChildRotation {
    private ChildRotation() {}

    /** @param args the database's address, its two logins, and the folder with the keys */
    public static void main(String[] args) throws Exception {
        var clock = InstantSource.system();
        var access = new PostgresAccess(
                args[0], new PostgresAccess.Login(args[1], args[2]), new PostgresAccess.Login(args[3], args[4]));
        var vault = Vault.open(Database.open(access), new FileSecretStore(Path.of(args[5])), clock, new SecureRandom());
        var rotation = VaultRotation.start(vault, clock);
        var asked = new AuditLog.Entry(clock.instant(), "user:ada", "vault.rotate", "vault:keys", "{}");
        rotation.begin(VaultRotation.Keys.DATA, new TenantId("acme"), asked);
        rotation.begin(VaultRotation.Keys.MASTER, new TenantId("acme"), asked);
        System.out.println("begun");
        Thread.sleep(Long.MAX_VALUE);
    }
}
