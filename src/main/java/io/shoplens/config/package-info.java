/** Settings, feeds and reference tables: read, checked and told apart before a run begins. */
package io.shoplens.config;
