package io.marsad.soc.notify;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How anything leaves.
 *
 * @param guard which addresses may be named
 * @param mail null when the operator has set none
 * @param origin how browsers reach the console, or null where only this machine's do
 */
public record Ways(
        OutboundGuard guard,
        OutboundHttp http,
        @Nullable MailServer mail,
        @Nullable URI origin) {}
