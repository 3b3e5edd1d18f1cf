import { createContext, use } from "react";

/** The application's name in the reader's language. */
export const Brand = createContext("");
export const useBrand = () => use(Brand);
