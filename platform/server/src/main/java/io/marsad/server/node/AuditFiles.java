package io.marsad.server.node;

import io.marsad.db.audit.AuditSeal;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.audit.KeptNotes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What of the audit logs is kept beside the database: the signing key, and each tenant's newest checkpoint. */
final class AuditFiles implements KeptNotes {
    private static final String FOLDER = "audit";

    private final Path folder;
    private final AuditSeal seal;

    private AuditFiles(Path folder, AuditSeal seal) {
        this.folder = folder;
        this.seal = seal;
    }

    static AuditFiles in(Path data) throws IOException {
        PrivateFolders.make(data, FOLDER);
        return new AuditFiles(data.resolve(FOLDER), new AuditSeal(SigningKey.of(data, FOLDER)));
    }

    AuditSeal seal() {
        return seal;
    }

    @Override
    public @Nullable String read(TenantId tenant) throws IOException {
        try {
            return Files.readString(file(tenant));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void keep(TenantId tenant, String note) throws IOException {
        var temporary = folder.resolve(tenant + ".new");
        Files.write(temporary, note.getBytes(StandardCharsets.UTF_8));
        try (var written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(temporary, file(tenant), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(TenantId tenant) {
        return folder.resolve(tenant + ".checkpoint");
    }
}
