/**
 * A Delta log store for S3 that any Delta user can take by itself: it knows no other class of ours,
 * so that it can be packed as an artifact of its own.
 */
package io.shoplens.lake.logstore;
