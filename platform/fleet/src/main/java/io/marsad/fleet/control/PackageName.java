package io.marsad.fleet.control;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Which agent a package holds: the name of the folder that its archive begins with.
 *
 * @param version as in {@link io.marsad.wire.AgentPackage}
 * @param platform as in {@link io.marsad.wire.AgentPackage}
 */
record PackageName(String version, String platform) {
    private static final int HEADER = 512; // of an entry of a tar archive; its name comes first
    private static final int NAME = 100;
    private static final Pattern FOLDER = Pattern.compile("marsad-agent-(.+)-((?:linux|windows|macos)-[0-9a-z_]+)/");

    /** @param start of the package @throws IOException in words, when it is none */
    static PackageName of(byte[] start) throws IOException {
        byte[] header;
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(start))) {
            header = unpacked.readNBytes(HEADER);
        } catch (IOException e) {
            throw new IOException("it is no .tar.gz", e);
        }
        int end = 0;
        while (end < Math.min(NAME, header.length) && header[end] != 0) {
            end++;
        }
        var folder = FOLDER.matcher(new String(Arrays.copyOf(header, end), StandardCharsets.ISO_8859_1));
        if (!folder.matches()) {
            throw new IOException("it does not begin with a folder such as marsad-agent-0.2.0-linux-x86_64/");
        }
        return new PackageName(folder.group(1), folder.group(2));
    }
}
