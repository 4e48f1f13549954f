package io.marsad.match.indicator;

/** What a value is compared as. A value listed as one type is never found as another. */
public enum IndicatorType {
    IP,
    DOMAIN,
    HASH,
    URL,
    EMAIL
}
