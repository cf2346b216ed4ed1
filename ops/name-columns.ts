import { readModels } from "../projections/catalogue.ts";

/** Columns of the names of read models where commands list them, a space behind the longest. */
export const NAME_COLUMNS = Math.max(...readModels.map(({ name }) => name.length)) + 1;
