/**
 * A defect somebody could make: in this file or snapshot, this for that; and a part of the name of
 * the rule that must notice it.
 */
export type Defect = readonly [path: string, from: string, to: string, rule: string]
