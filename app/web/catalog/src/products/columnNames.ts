/** The columns that a reader may hide. */
export const COLUMNS = ["category", "price", "stock", "status", "updated"] as const;
