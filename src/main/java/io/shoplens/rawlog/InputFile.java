package io.shoplens.rawlog;

import java.io.Serializable;

/**
 * A file to read.
 *
 * @param path full Hadoop path
 * @param size length in bytes, as listed
 */
public record InputFile(String path, long size) implements Serializable {}
