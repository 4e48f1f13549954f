package io.marsad.respond.service;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.durable.PlaybookShelf;
import io.marsad.respond.durable.PlaybookSource;
import io.marsad.respond.durable.Turn;
import io.marsad.respond.service.PlaybookView.Detail;
import io.marsad.respond.service.PlaybookView.Kept;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The playbooks of the tenant of the running {@link CallerScope}: those that are shipped, and its own. Every change is in
 * its audit log. Thread-safe.
 */
public final class Playbooks {
    /** The most that a tenant has of its own. */
    static final int MOST = 500;

    private final Database database;
    private final PlaybookReader reader;
    private final PlaybookShelf shelf;
    private final ShippedPlaybooks shipped;
    private final PlaybookTexts texts;
    private final InstantSource clock;

    public Playbooks(
            Database database,
            PlaybookReader reader,
            PlaybookShelf shelf,
            ShippedPlaybooks shipped,
            InstantSource clock) {
        this.database = database;
        this.reader = reader;
        this.shelf = shelf;
        this.shipped = shipped;
        this.texts = new PlaybookTexts(reader);
        this.clock = clock;
    }

    PlaybookTexts texts() {
        return texts;
    }

    /** All, by name. */
    public List<PlaybookView> list() {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var rows = PlaybookRows.list(turn, null);
            var read = texts.load(
                    turn,
                    rows.stream()
                            .filter(row -> !row.deleted())
                            .map(PlaybookRows.Row::shown)
                            .toList());
            var all = new ArrayList<PlaybookView>();
            var own = new HashSet<UUID>();
            for (var row : rows) {
                if (!row.deleted()) {
                    own.add(row.id());
                    all.add(view(row, read.get(row.shown())));
                }
            }
            for (var one : shipped.all()) {
                if (!own.contains(one.id())) {
                    all.add(ShownPlaybooks.asShipped(one));
                }
            }
            all.sort(Comparator.comparing((PlaybookView one) -> one.name().toLowerCase(Locale.ROOT))
                    .thenComparing(PlaybookView::id));
            return all;
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Detail find(UUID playbook) {
        return database.inCallerTenant(connection -> detail(turn(connection), playbook));
    }

    /** What the reader says of a text. @throws ContentException when it is no document at all */
    public PlaybookReader.Reading check(String source) throws ContentException {
        return reader.read("playbook", source);
    }

    /**
     * Keeps a new one, switched off; one that cannot be run is a draft.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code not-a-playbook}; 409 {@code playbook-exists},
     *     {@code too-many-playbooks}
     */
    public Detail create(String source) {
        var given = given(source);
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var row = PlaybookRows.lock(turn, given.id());
            if (row != null && !row.deleted() || row == null && shipped.find(given.id()) != null) {
                throw Problem.conflict("playbook-exists", "There is a playbook with this id: change that one.")
                        .asException();
            }
            if (PlaybookRows.list(turn, null).size() >= MOST) {
                throw Problem.conflict("too-many-playbooks", "There are " + MOST + " playbooks already.")
                        .asException();
            }
            keep(turn, given, "playbook.create");
            return detail(turn, given.id());
        });
    }

    /**
     * Keeps another text: it is run from now on, or is a draft beside the one that is.
     *
     * @param base the newest text that was edited
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code not-a-playbook}, {@code other-id}; 404; 409
     *     {@code changed-meanwhile}
     */
    public Detail put(UUID playbook, String source, String base) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            PlaybookRows.lock(turn, playbook);
            var before = detail(turn, playbook);
            if (!before.newest().equals(base)) {
                throw Problem.conflict("changed-meanwhile", "Somebody else has changed the playbook meanwhile.")
                        .asException();
            }
            var given = given(source);
            if (!given.id().equals(playbook)) {
                throw Problem.badRequest("other-id", "The document has the id of another playbook.")
                        .asException();
            }
            keep(turn, given, "playbook.update");
            return detail(turn, playbook);
        });
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code runs-open} */
    public void delete(UUID playbook) {
        database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var row = PlaybookRows.lock(turn, playbook);
            if (row == null || row.deleted()) {
                if (shipped.find(playbook) == null) {
                    throw missing();
                }
                return false; // it is as shipped
            }
            if (PlaybookRows.hasOpenRuns(turn, playbook)) {
                throw Problem.conflict("runs-open", "Runs of it are open: cancel them, or wait for their end.")
                        .asException();
            }
            PlaybookRows.delete(turn, playbook);
            audit(turn, "playbook.delete", playbook, "name", row.name());
            return true;
        });
    }

    /**
     * Has it started by what triggers it, called, and run by hand; or not. A shipped one becomes the tenant's.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code not-runnable}
     */
    public PlaybookView enable(UUID playbook, boolean enabled) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var row = PlaybookRows.lock(turn, playbook);
            if (row == null || row.deleted()) {
                var source = shipped.find(playbook);
                if (source == null) {
                    throw missing();
                }
                if (!enabled) {
                    return ShownPlaybooks.asShipped(source);
                }
                shelf.keep(turn, source, CallerScope.current().subject(), true);
            } else {
                if (enabled && row.version() == null) {
                    throw Problem.conflict("not-runnable", "It is a draft that cannot be run: see its findings.")
                            .asException();
                }
                PlaybookRows.enable(turn, playbook, enabled);
            }
            audit(turn, enabled ? "playbook.enable" : "playbook.disable", playbook, "version", null);
            return detail(turn, playbook).playbook();
        });
    }

    /** The newest first; at most 500. @throws io.marsad.kernel.problem.ProblemException 404 */
    public List<Kept> versions(UUID playbook) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var now = detail(turn, playbook);
            var kept = PlaybookRows.versions(turn, playbook, null);
            var names = Names.of(
                    turn, kept.stream().map(PlaybookRows.KeptText::madeBy).toList());
            var all = new ArrayList<Kept>();
            for (var one : kept) {
                all.add(kept(one, names, now));
            }
            if (all.isEmpty()) { // it is as shipped
                var source = Objects.requireNonNull(shipped.find(playbook));
                var at = source.modified() == null ? Instant.EPOCH : source.modified();
                all.add(new Kept(source.hash(), source.modified(), "Marsad", at, true, true));
            }
            return all;
        });
    }

    /** A version with its text. */
    public record Text(Kept kept, String source) {}

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    public Text version(UUID playbook, String version) {
        return database.inCallerTenant(connection -> {
            var turn = turn(connection);
            var now = detail(turn, playbook);
            var kept = PlaybookRows.versions(turn, playbook, version);
            if (!kept.isEmpty()) {
                var one = kept.getFirst();
                var names = Names.of(turn, List.of(one.madeBy()));
                return new Text(kept(one, names, now), String.valueOf(one.source()));
            }
            var source = shipped.find(playbook);
            if (source == null || !source.hash().equals(version)) {
                throw Problem.notFound("There is no such version.").asException();
            }
            var at = source.modified() == null ? Instant.EPOCH : source.modified();
            boolean current = version.equals(now.playbook().version());
            return new Text(new Kept(version, source.modified(), "Marsad", at, true, current), source.source());
        });
    }

    private static Kept kept(PlaybookRows.KeptText one, Names names, Detail now) {
        return new Kept(
                one.version(),
                one.modified(),
                names.in(one.madeBy()),
                one.madeAt(),
                one.runnable(),
                one.version().equals(now.playbook().version()));
    }

    private void keep(Turn turn, PlaybookSource given, String act) throws SQLException {
        shelf.keep(turn, given, CallerScope.current().subject(), false);
        audit(turn, act, given.id(), "version", given.hash());
    }

    private PlaybookSource given(String source) {
        try {
            return PlaybookSource.of(reader, source);
        } catch (ContentException e) {
            throw new Problem(
                            "not-a-playbook",
                            400,
                            "Bad request",
                            "The text is no document that could be kept.",
                            e.problems().stream()
                                    .map(one -> new Fault("line " + one.line(), one.reason()))
                                    .toList())
                    .asException();
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 */
    void existing(Turn turn, UUID playbook) throws SQLException {
        detail(turn, playbook);
    }

    Detail detail(Turn turn, UUID playbook) throws SQLException {
        var rows = PlaybookRows.list(turn, playbook);
        if (rows.isEmpty() || rows.getFirst().deleted()) {
            var source = shipped.find(playbook);
            if (source == null) {
                throw missing();
            }
            return detail(ShownPlaybooks.asShipped(source), source, source.hash());
        }
        var row = rows.getFirst();
        var newest = new PlaybookTexts.Version(playbook, row.newest());
        var read = texts.load(turn, List.of(row.shown(), newest));
        var text = read.get(newest);
        var view = view(row, read.get(row.shown()));
        if (text == null) {
            var kept = PlaybookRows.versions(turn, playbook, row.newest());
            var source = kept.isEmpty() ? null : kept.getFirst().source();
            return new Detail(view, source == null ? "" : source, null, row.newest(), List.of());
        }
        return detail(view, text, row.newest());
    }

    private static Detail detail(PlaybookView view, PlaybookSource text, String newest) {
        var reading = text.reading();
        return new Detail(view, text.source(), reading.text().tree(), newest, reading.findings());
    }

    private PlaybookView view(PlaybookRows.Row row, @Nullable PlaybookSource text) {
        return ShownPlaybooks.view(row, text, shipped.find(row.id()));
    }

    private static RuntimeException missing() {
        return Problem.notFound("There is no such playbook.").asException();
    }

    private static void audit(Turn turn, String act, UUID playbook, String name, @Nullable String value)
            throws SQLException {
        var detail = AuditLog.detail(turn.connection(), name, value);
        AuditLog.append(
                turn.connection(),
                turn.tenant(),
                new AuditLog.Entry(turn.now(), CallerScope.current().subject(), act, "playbook:" + playbook, detail));
    }

    private Turn turn(Connection connection) {
        return new Turn(connection, CallerScope.tenant(), Instant.ofEpochMilli(clock.millis()));
    }
}
