package io.marsad.soc.correlate;

import java.time.Duration;

/**
 * All that grouping can be told. The weights read as chances: how likely it is that two alerts of one moment belong together
 * when this is all they share. What each does, and what changing it costs, is in {@code docs/decisions/0044-grouping.md}.
 *
 * @param firm weight of one account, machine, message or file
 * @param loose weight of an address, a domain, a campaign
 * @param faint weight of what many have; below the link threshold, so that it alone never joins groups
 * @param progress weight of the later alert telling of a later step of an attack, where something is shared
 * @param assetHalfLife after which an account, a machine or an address says half as much
 * @param artifactHalfLife the same of files, web addresses and mail
 * @param momentHalfLife the same of a detection and a directory, which two alerts have in common by chance
 * @param link from this weight on, an edge joins groups
 * @param attach from this weight on, it holds an alert that nothing else does
 * @param busyDays on so many days of the 30 before, something has to have met an account or machine that it had not met
 *     before, to be everybody's: its grip is faint then, and nothing where it was faint
 * @param longest an alert that lasts longer counts as if it ended then
 * @param maxGroup alerts in a group
 * @param maxAlerts in memory; of more, the newest are kept
 */
public record Parameters(
        double firm,
        double loose,
        double faint,
        double progress,
        Duration assetHalfLife,
        Duration artifactHalfLife,
        Duration momentHalfLife,
        double link,
        double attach,
        int busyDays,
        Duration longest,
        int maxGroup,
        int maxAlerts) {
    public Parameters {
        for (double chance : new double[] {firm, loose, faint, progress, link, attach}) {
            if (!(chance >= 0 && chance <= 1)) {
                throw new IllegalArgumentException("weights and thresholds are between 0 and 1");
            }
        }
        if (attach > link) {
            throw new IllegalArgumentException("what joins groups holds an alert too");
        }
        for (Duration halfLife : new Duration[] {assetHalfLife, artifactHalfLife, momentHalfLife}) {
            if (halfLife.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("half-lives are at least one second");
            }
        }
        if (longest.isNegative()) {
            throw new IllegalArgumentException("alerts do not last less than no time");
        }
        if (busyDays < 1 || maxGroup < 2 || maxAlerts < 1) {
            throw new IllegalArgumentException("bounds are positive");
        }
    }

    /** What is used unless a tenant says otherwise. */
    public static Parameters usual() {
        return new Parameters(
                0.8,
                0.5,
                0.25,
                0.15,
                Duration.ofHours(24),
                Duration.ofHours(72),
                Duration.ofHours(2),
                0.4,
                0.2,
                7,
                Duration.ofDays(7),
                500,
                50_000);
    }

    double weight(Grip grip) {
        return switch (grip) {
            case FIRM -> firm;
            case LOOSE -> loose;
            case FAINT -> faint;
        };
    }

    Duration halfLife(Kind kind) {
        return switch (kind.pace()) {
            case MOMENT -> momentHalfLife;
            case DAY -> assetHalfLife;
            case DAYS -> artifactHalfLife;
        };
    }
}
