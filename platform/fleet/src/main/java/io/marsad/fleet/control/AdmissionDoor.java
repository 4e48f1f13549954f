package io.marsad.fleet.control;

import io.marsad.db.DatabaseException;
import io.marsad.fleet.Endpoint;
import io.marsad.fleet.Enrollment;
import io.marsad.fleet.control.Admissions.Admitted;
import io.marsad.fleet.relay.Enroller;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.security.PublicKey;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** {@link Admissions}, as the listener asks. Thread-safe. */
public final class AdmissionDoor implements Enroller {
    private final Admissions admissions;
    private final IntSupplier port;

    /** @param port where those who are let in call; asked when somebody is */
    public AdmissionDoor(Admissions admissions, IntSupplier port) {
        this.admissions = admissions;
        this.port = port;
    }

    @Override
    public int port() {
        return port.getAsInt();
    }

    @Override
    public @Nullable Admission enroll(Asking asking) throws IOException {
        var relay = asking.relay();
        var tenant = Enrollment.tenantOf(asking.secret());
        if (tenant == null || relay != null && !relay.tenant().equals(tenant.value())) {
            return null;
        }
        var host = asking.host();
        var described = new Endpoint.Host(
                host.getHardwareId(),
                host.getHardwareId(),
                host.getHostname(),
                host.getPlatform(),
                (host.getOsName() + " " + host.getOsVersion()).strip(),
                host.getAgentVersion());
        var door = new Admissions.Asking(asking.secret(), asking.kind(), described, asking.key(), asking.address());
        return decided(() -> admissions.enroll(door));
    }

    @Override
    public @Nullable Admission renew(PeerId peer, PublicKey key) throws IOException {
        return decided(() -> admissions.renew(peer, key));
    }

    private interface Deciding {
        @Nullable
        Admitted decide();
    }

    private static @Nullable Admission decided(Deciding deciding) throws IOException {
        try {
            var admitted = deciding.decide();
            return admitted == null
                    ? null
                    : new Admission(admitted.peer(), admitted.certificate(), admitted.authorities(), admitted.keys());
        } catch (DatabaseException e) {
            throw new IOException("the database does not answer", e);
        }
    }
}
