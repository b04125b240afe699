/**
 * What the ingest costs, beside what else could do its work; run by {@code ./mvnw test -Pbench},
 * never by a build.
 *
 * <p>Every contender is a JVM of its own with two threads and the same heap. They work in turn, one
 * at a time, each warmed up before. What counts is the CPU time of the whole process: its threads,
 * native ones and those of the garbage collector and the compilers included. That hardly moves when
 * others use the machine; wall time does.
 */
package io.shoplens.bench;
