package io.shoplens.rawlog;

import java.io.IOException;
import org.apache.spark.unsafe.types.UTF8String;

/** Lines of JSON, each one object; or, where an array is exploded, each its elements. */
final class JsonRecords implements Records {
  private static final UTF8String NOT_JSON = UTF8String.fromString(Codes.NOT_JSON);
  private static final UTF8String BAD_ENCODING = UTF8String.fromString(Codes.BAD_ENCODING);
  private static final UTF8String DUPLICATE_KEY = UTF8String.fromString(Codes.DUPLICATE_KEY);
  private static final UTF8String BAD_ARCHIVE = UTF8String.fromString(Codes.BAD_ARCHIVE);
  private static final UTF8String WRONG_TYPE = UTF8String.fromString("wrong_type");
  private static final UTF8String MISSING_FIELD = UTF8String.fromString("missing_field");

  private final RecordBuffer buffer;
  private final LexicalRow row;
  private final JsonScanner scanner;
  private final FieldTree elements;
  private final UTF8String explode;
  private final int[] elementSlots;
  private long line;
  private long records;
  private long blank;
  private long damagedAt = -1;

  /** Length of the current line; the buffer moves past it when the next one is asked for. */
  private int current = -1;

  /** Whether the elements of the current line are being read. */
  private boolean inElements;

  JsonRecords(
      RecordBuffer buffer,
      LexicalRow row,
      JsonScanner scanner,
      FieldTree elements,
      LexicalPlan plan) {
    this.buffer = buffer;
    this.row = row;
    this.scanner = scanner;
    this.elements = elements;
    this.explode = plan.explode().isEmpty() ? null : UTF8String.fromString(plan.explode());
    this.elementSlots =
        java.util.stream.IntStream.range(0, plan.fields().size())
            .filter(i -> plan.fields().get(i).path().startsWith("@"))
            .toArray();
  }

  @Override
  public boolean next() throws IOException {
    while (true) {
      if (inElements) {
        if (nextElement()) {
          return true;
        }
        inElements = false;
      }
      if (current >= 0) {
        buffer.advance(current);
        current = -1;
      }
      int end = buffer.lineEnd(0);
      if (end == RecordBuffer.ENDED) {
        if (buffer.isDamaged() && damagedAt < 0) {
          damagedAt = buffer.offset();
        }
        return false;
      }
      line++;
      row.clear();
      row.line = line;
      row.offset = buffer.offset();
      row.part = 0;
      if (end == RecordBuffer.OVER) {
        records++;
        byte[] prefix = buffer.copy(0, Math.min(buffer.held(), LexicalPlan.PREFIX));
        row.raw(prefix, 0, prefix.length);
        row.reject(NOT_JSON, null);
        buffer.skipLine();
        return true;
      }
      current = end;
      byte[] bytes = buffer.bytes();
      int from = buffer.start();
      int to = from + end;
      boolean isCutOff = buffer.isDamaged() && buffer.endsWithStream(end);
      if (isCutOff) {
        damagedAt = buffer.offset() + end;
      }
      if (RecordBuffer.isBlank(bytes, from, to)) {
        if (!isCutOff) {
          records++;
          blank++;
        }
        continue;
      }
      row.raw(bytes, from, end);
      if (isCutOff) {
        records++;
        row.reject(BAD_ARCHIVE, null);
        return true;
      }
      if (!RecordBuffer.isUtf8(bytes, from, to)) {
        records++;
        row.reject(BAD_ENCODING, null);
        return true;
      }
      if (row.offset == 0 && startsWithMark(bytes, from, to)) {
        from += 3;
        if (RecordBuffer.isBlank(bytes, from, to)) {
          records++;
          blank++;
          continue;
        }
      }
      if (read(bytes, from, to)) {
        return true;
      }
    }
  }

  private boolean read(byte[] bytes, int from, int to) {
    JsonScanner.Outcome outcome = scanner.read(bytes, from, to);
    boolean isText =
        explode != null && outcome == JsonScanner.Outcome.READ && scanner.explodesText();
    switch (isText ? scanner.readExplodedText() : outcome) {
      case MALFORMED -> row.reject(NOT_JSON, isText ? explode : null);
      case BAD_ENCODING -> row.reject(BAD_ENCODING, null);
      case REPEATED_KEY -> row.reject(DUPLICATE_KEY, UTF8String.fromBytes(scanner.repeatedKey()));
      case READ -> {
        if (explode != null) {
          if (scanner.hasExploded()) {
            inElements = true;
            row.part = -1;
            scanner.toElements();
            if (nextElement()) {
              return true;
            }
            // An empty array: the line stands for no record.
            inElements = false;
            records++;
            blank++;
            return false;
          }
          row.reject(scanner.explodesWrongType() ? WRONG_TYPE : MISSING_FIELD, explode);
        }
      }
    }
    records++;
    return true;
  }

  private boolean nextElement() {
    for (int slot : elementSlots) {
      row.length[slot] = -1;
    }
    if (!scanner.readElement(elements)) {
      return false;
    }
    records++;
    row.part++;
    return true;
  }

  static boolean startsWithMark(byte[] bytes, int from, int to) {
    return to - from >= 3
        && bytes[from] == (byte) 0xEF
        && bytes[from + 1] == (byte) 0xBB
        && bytes[from + 2] == (byte) 0xBF;
  }

  @Override
  public long records() {
    return records;
  }

  @Override
  public long blank() {
    return blank;
  }

  @Override
  public long damagedAt() {
    return damagedAt;
  }

  @Override
  public void close() throws IOException {
    buffer.close();
  }
}
