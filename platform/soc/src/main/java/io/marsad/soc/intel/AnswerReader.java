package io.marsad.soc.intel;

import io.marsad.soc.intel.Indicator.Kind;
import java.util.List;
import java.util.Set;

/** Reads what one service answers. Pure: the same text gives the same answer. Nothing that is written makes it throw. */
public interface AnswerReader {
    /** How long an answer is read and kept, in characters. */
    int LONGEST = 1 << 20;

    /** The readers there are, for recorded answers and for connectors. */
    List<AnswerReader> ALL = List.of(new VirusTotalAnswers(), new AbuseIpDbAnswers(), new GreyNoiseAnswers());

    /** The source's name in signals. */
    String source();

    /** What it can be asked about. */
    Set<Kind> kinds();

    /**
     * The answer that a body is.
     *
     * @param asked what the service was asked about; an answer about something else is a failure
     */
    IntelAnswer read(Indicator asked, String body);
}
