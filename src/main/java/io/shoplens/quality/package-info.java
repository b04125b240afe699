/** What must hold of the tables, what is told of the data, and how far it reaches. */
package io.shoplens.quality;
