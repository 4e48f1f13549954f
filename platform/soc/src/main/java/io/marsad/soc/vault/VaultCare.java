package io.marsad.soc.vault;

import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.Vault;
import io.marsad.db.vault.VaultCheck;
import io.marsad.db.vault.VaultException;
import io.marsad.db.vault.VaultRotation;
import io.marsad.db.vault.VaultRotation.Keys;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;

/** What those who run the installation do with the keys of secrets. Thread-safe. */
public final class VaultCare {
    private final VaultCheck check;
    private final VaultRotation rotation;
    private final InstantSource clock;

    public VaultCare(Vault vault, VaultRotation rotation, InstantSource clock) {
        this.check = new VaultCheck(vault);
        this.rotation = rotation;
        this.clock = clock;
    }

    /** What there is. */
    public VaultCheck.Status status() {
        return check.status();
    }

    /** How far a rotation is. */
    public VaultRotation.Progress progress() {
        return rotation.progress();
    }

    /** Opens every secret there is. */
    public VaultCheck.Verification verify() {
        return check.verify();
    }

    /** Begins to give secrets new keys; the caller's audit log says so. */
    public void rotate(Keys keys) throws IOException {
        var caller = CallerScope.current();
        var what = "vault:" + keys.name().toLowerCase(Locale.ROOT);
        try {
            rotation.begin(
                    keys,
                    caller.tenant(),
                    new AuditLog.Entry(clock.instant(), caller.subject(), "vault.rotate", what, "{}"));
        } catch (VaultException e) {
            throw Problem.conflict("no-new-key", String.valueOf(e.getMessage())).asException();
        }
    }
}
