package io.marsad.server.scan;

import io.marsad.ingest.scan.ScanResult;
import java.io.IOException;

/** One page. */
final class HtmlReport implements Report {
    @Override
    public void write(ScanResult result, Appendable out) throws IOException {
        out.append("");
    }
}
