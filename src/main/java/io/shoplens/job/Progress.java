package io.shoplens.job;

/** Told how a run goes while it goes. Calls come from one thread at a time. */
public interface Progress {
  /** A step begins. */
  void started(Step step);

  /**
   * A step has come further.
   *
   * @param files files read so far
   * @param rows rows read or written so far
   */
  void advanced(Step step, long files, long rows);

  /** A step is done. */
  void finished(StepFacts facts);

  /** Something else than a step takes time, in words, such as waiting for another run. */
  default void notice(String text) {}

  /** Tells nobody. */
  static Progress silent() {
    return new Progress() {
      @Override
      public void started(Step step) {}

      @Override
      public void advanced(Step step, long files, long rows) {}

      @Override
      public void finished(StepFacts facts) {}
    };
  }
}
