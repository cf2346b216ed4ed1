/** Roles of one person, as gates know them: an architect's are exactly `["architect"]`. */
type Roles = ReadonlyArray<string>;

const ranks = ["architect", "admin", "auditor"];

/**
 * Whether somebody with some roles may act as somebody with others: an architect as anybody but an
 * architect, an admin as anybody without a rank of their own. Nobody acts as their equal.
 */
export function mayImpersonate(by: Roles, target: Roles): boolean {
  if (by.includes("architect")) return !target.includes("architect");
  return by.includes("admin") && !target.some((role) => ranks.includes(role));
}
