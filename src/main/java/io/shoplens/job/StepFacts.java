package io.shoplens.job;

/**
 * What a step did.
 *
 * @param step the step
 * @param files files it read; 0 for steps over tables
 * @param rows rows it wrote
 * @param dates dates it rewrote
 * @param seconds how long it took
 */
public record StepFacts(Step step, long files, long rows, long dates, double seconds) {
  StepFacts withRows(long written) {
    return new StepFacts(step, files, written, dates, seconds);
  }
}
