package io.shoplens.job;

import io.shoplens.table.Table;
import java.time.Instant;
import java.util.Optional;

/**
 * A table as it stands in the lake.
 *
 * @param table its declaration
 * @param rows rows in its newest version
 * @param version its newest version; -1 where it has not been written yet, and of a view
 * @param updatedAt when that was committed, of a view its sources; empty where it has not been
 *     written yet
 */
public record TableFacts(Table table, long rows, long version, Optional<Instant> updatedAt) {}
