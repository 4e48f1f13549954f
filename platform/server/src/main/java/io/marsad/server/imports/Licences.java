package io.marsad.server.imports;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Which licence a text is. */
final class Licences {
    /** SPDX's word for "nobody said". */
    static final String UNKNOWN = "NOASSERTION";

    static final String DETECTION_RULE_LICENSE = "DRL-1.1";

    private Licences() {}

    /** The SPDX id of the first licence file that is known, those at the top first; else {@link #UNKNOWN}. */
    static String of(Map<String, byte[]> files) {
        return files.entrySet().stream()
                .filter(file -> SourceFiles.isLicence(
                        file.getKey().substring(file.getKey().lastIndexOf('/') + 1)))
                .sorted(java.util.Comparator.comparingLong(
                        file -> file.getKey().chars().filter(c -> c == '/').count()))
                .map(file -> of(new String(file.getValue(), StandardCharsets.UTF_8)))
                .filter(id -> !id.equals(UNKNOWN))
                .findFirst()
                .orElse(UNKNOWN);
    }

    static String of(String text) {
        var flat = text.replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        if (flat.contains("detection rule license") || flat.contains("drl 1.1")) {
            return DETECTION_RULE_LICENSE;
        }
        if (flat.contains("apache license") && flat.contains("version 2.0")) {
            return "Apache-2.0";
        }
        if (flat.contains("gnu affero general public license")) {
            return "AGPL-3.0-only";
        }
        if (flat.contains("gnu lesser general public license")) {
            return "LGPL-3.0-only";
        }
        if (flat.contains("gnu general public license")) {
            return flat.contains("version 2, june 1991") ? "GPL-2.0-only" : "GPL-3.0-only";
        }
        if (flat.contains("permission is hereby granted, free of charge")) {
            return "MIT";
        }
        if (flat.contains("cc0 1.0")) {
            return "CC0-1.0";
        }
        if (flat.contains("elastic license 2.0")) {
            return "Elastic-2.0";
        }
        if (flat.contains("redistribution and use in source and binary forms")) {
            return flat.contains("neither the name") ? "BSD-3-Clause" : "BSD-2-Clause";
        }
        return UNKNOWN;
    }

    /** What has to be said beside the rules. */
    static String notice(String name, String source, String revision, String licence) {
        var notice =
                "The rules in this folder (" + name + ") are not part of Marsad. They were imported from\n" + source
                        + "\nat " + revision + ".\n\nTheir licence: " + licence
                        + ". Each rule names its author; files of the source that state the licence are kept beside this one.\n";
        return licence.equals(DETECTION_RULE_LICENSE)
                ? notice
                        + "\nDetection Rule License (DRL) 1.1: https://github.com/SigmaHQ/Detection-Rule-License\n"
                        + "The author named in a rule has to be named wherever the rule or what it matched is shown or"
                        + " passed on.\n"
                : notice;
    }
}
