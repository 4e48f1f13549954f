package io.marsad.soc.alert;

/**
 * Where a rule is from; each part is empty when it is not known.
 *
 * @param set the imported set, or {@code marsad} for shipped rules; empty for an installation's own
 * @param address of the repository that the set was imported from
 * @param revision the commit or the hash of the archive
 * @param licence as SPDX names it
 */
public record RuleOrigin(String set, String address, String revision, String licence) {
    public static final RuleOrigin UNKNOWN = new RuleOrigin("", "", "", "");
}
