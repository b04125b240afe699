/**
 * The fault suite: whatever happens to a run, its store, its network or its machine, no figure may
 * change by it. Run by {@code ./mvnw test -Pfaults}; a part of it, {@code CommitFaultsTest}, is in
 * every build.
 *
 * <p>Delta and the S3 server are real, the inputs tiny. A case makes one fault happen, proves that
 * it happened, lets the next run complete the work, and is judged by what the inputs say: every
 * record once in bronze, every commit that was acknowledged still there, gold as the oracle has it
 * to the minor unit, the ledger balanced. Drivers are processes of their own where the fault is
 * theirs; elsewhere a warm JVM that forgets all it knows of the tables stands for a new one.
 *
 * <p>Each fault is one line in {@code src/test/results/faults-DATE.md}, which a later start on the
 * same day writes anew.
 */
package io.shoplens.faults;
