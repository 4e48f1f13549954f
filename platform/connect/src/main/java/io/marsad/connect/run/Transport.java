package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import java.io.IOException;

/** What requests leave by: in service the guarded way out and nothing else. */
public interface Transport {
    /**
     * @throws io.marsad.connect.OutboundRefused when it is not to be talked to
     * @throws io.marsad.connect.OutboundLost when it may have arrived
     * @throws IOException when it has not left
     */
    OutboundHttp.Answer send(Message message) throws IOException;
}
