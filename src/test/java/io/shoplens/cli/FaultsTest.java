package io.shoplens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shoplens.error.ExitStatus;
import io.shoplens.error.ShoplensException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.fs.s3a.UnknownStoreException;
import org.apache.hadoop.fs.s3a.auth.NoAwsCredentialsException;
import org.apache.hadoop.util.DiskChecker.DiskErrorException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class FaultsTest {
  record Storage(Throwable fault, String problem, String cause) {}

  static final List<Storage> STORAGE =
      List.of(
          new Storage(
              new UncheckedIOException(
                  new UnknownStoreException("s3a://b/lake", "bucket does not exist")),
              "The bucket does not exist.",
              "UnknownStoreException: `s3a://b/lake': bucket does not exist"),
          new Storage(
              new NoAwsCredentialsException("EnvironmentVariableCredentialsProvider"),
              "There are no credentials for the store.",
              "NoAwsCredentialsException: EnvironmentVariableCredentialsProvider: No AWS Credentials"),
          new Storage(
              new AccessDeniedException("s3a://b/x", null, "InvalidAccessKeyId: 403"),
              "The store refuses the credentials.",
              "AccessDeniedException: s3a://b/x: InvalidAccessKeyId: 403"),
          new Storage(
              new AccessDeniedException("s3a://me:sesame@b/x"),
              "Access is denied.",
              "AccessDeniedException: s3a://b/x"),
          new Storage(
              new IOException("open", new ConnectException("Connection refused")),
              "The store can't be reached.",
              "ConnectException: Connection refused"),
          new Storage(
              new UnsupportedFileSystemException("No FileSystem for scheme \"gs\""),
              "There is no connector for this kind of path.",
              "UnsupportedFileSystemException: No FileSystem for scheme \"gs\""),
          new Storage(
              new IllegalStateException(
                  new NoClassDefFoundError("software/amazon/awssdk/core/exception/SdkException")),
              "The store's client is not on the class path.",
              "NoClassDefFoundError: software/amazon/awssdk/core/exception/SdkException"),
          new Storage(
              new IOException("No space left on device"),
              "The disk is full.",
              "IOException: No space left on device"),
          new Storage(
              new DiskErrorException("Could not find any valid local directory for s3ablock-0001-"),
              "The disk is full.",
              "DiskErrorException: Could not find any valid local directory for s3ablock-0001-"),
          new Storage(
              new FileNotFoundException("File /x does not exist"),
              "A path does not exist.",
              "FileNotFoundException: File /x does not exist"),
          new Storage(
              new SparkException(
                  "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent"
                      + " failure: Lost task 0.3 in stage 1.0 (executor 1):"
                      + " java.io.FileNotFoundException: File s3a://b/x does not exist\n\tat a.B.c()"),
              "A path does not exist.",
              "FileNotFoundException: File s3a://b/x does not exist"));

  @ParameterizedTest
  @FieldSource("STORAGE")
  void whatStorageThrowsIsToldInWordsOfOurs(Storage storage) {
    ShoplensException told = Faults.storage(storage.fault()).orElseThrow();

    assertThat(told.status()).isEqualTo(ExitStatus.INPUT);
    assertThat(told.getMessage().lines().toList()).hasSize(3);
    assertThat(told.getMessage())
        .startsWith(storage.problem() + "\n  Cause: " + storage.cause() + "\n  Cure:  ");
    assertThat(told).hasCause(storage.fault());
  }

  @Test
  void whatIsNotStorageIsLeftAlone() {
    assertThat(Faults.storage(new IllegalStateException("no"))).isEmpty();
    assertThat(Faults.query(new IllegalStateException("no"))).isEmpty();
  }
}
