/** The steps of the pipeline, what they are asked and what they report. */
package io.shoplens.job;
