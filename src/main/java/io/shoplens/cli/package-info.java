/** The command line: commands, progress and exit codes. */
package io.shoplens.cli;
