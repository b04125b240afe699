package io.shoplens.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;

/**
 * What a record may be, and when too many are not.
 *
 * @param earliestDate events before this UTC date are rejected
 * @param futureTolerance how far an event may lie after its received_at
 * @param fileRejectLimit share of rejected records over which a file is held
 * @param runRejectLimit share of a feed's rejected records over which a run is held
 * @param recordLimitBytes length over which a record is rejected
 * @param nestingLimit depth of nesting over which a record is rejected
 * @param lookBackDays days before the last one known whose folders are listed for new files
 */
public record IngestSettings(
    LocalDate earliestDate,
    Duration futureTolerance,
    BigDecimal fileRejectLimit,
    BigDecimal runRejectLimit,
    int recordLimitBytes,
    int nestingLimit,
    int lookBackDays) {}
