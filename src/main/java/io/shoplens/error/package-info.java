/** Errors users see, and the exit codes that go with them. */
package io.shoplens.error;
