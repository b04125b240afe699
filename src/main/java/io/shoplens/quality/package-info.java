/** What must hold of the tables, and how far the data reaches. */
package io.shoplens.quality;
