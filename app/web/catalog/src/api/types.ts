/** The API's shapes under short names. All of them come from `schema.d.ts`, which is generated from the OpenAPI document. */
import type { components, paths } from "./schema";

export type Product = components["schemas"]["Product"];
export type Status = Product["status"];
/** What an edit sends: the API takes more forms (prices as numbers, nulls for defaults), the screen uses one. */
export type ProductPatch = Partial<Pick<Product, "name" | "sku" | "price" | "stock" | "category" | "status" | "description" | "image">>;
export type NewProduct = ProductPatch & Pick<Product, "name" | "price">;
export type HistoryEntry = components["schemas"]["Revision"];
export type Bulk = components["schemas"]["BulkRequest"];
export type ImportReport = components["schemas"]["Report"];
export type ListQuery = NonNullable<paths["/api/products"]["get"]["parameters"]["query"]>;

export type Page = { products: Product[]; next: string | null; total: number; limit: number };

export type PlacedOrder = components["schemas"]["PlacedOrder"];
export type OrderQuery = NonNullable<paths["/api/orders"]["get"]["parameters"]["query"]>;

export type Me = components["schemas"]["Me"];
