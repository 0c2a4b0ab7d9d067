import type { ListSection, Section, Unknown } from '../../domain/identity-context.ts'

/** Most that a section holds: together, a context stays far below the size of a message. */
export const LIMITS: Readonly<Record<ListSection | 'policies', number>> = {
  owners: 30,
  sponsors: 30,
  credentials: 50,
  federatedCredentials: 20,
  permissions: 100,
  directoryRoles: 30,
  riskHistory: 30,
  policies: 20,
}

/** A section, and how many more there are. */
export interface Bounded<T> {
  readonly section: Section<T>
  readonly leftOut: number
}

/**
 * The first ones, up to the section's limit.
 * @param more whether there are others that were not read
 */
export function bounded<T>(name: ListSection, all: readonly T[], more: boolean): Bounded<readonly T[]> {
  const section = all.slice(0, LIMITS[name])
  return { section, leftOut: all.length - section.length + (more ? 1 : 0) }
}

export const unread = (section: Unknown): Bounded<never> => ({ section, leftOut: 0 })
