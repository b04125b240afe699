package io.shoplens.lake;

/** Files of a lake that are no tables. */
final class LakeFiles {
  /** The folder below the lake's root that holds them; nothing in it is data. */
  static final String FOLDER = "_shoplens";

  private LakeFiles() {}
}
