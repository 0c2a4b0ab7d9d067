/** Branded strings: an event id cannot be passed where a fact key is expected. */
declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** Lower-case GUID of an Entra tenant. */
export type TenantId = Branded<string, 'TenantId'>
/** `ID_DIGITS` lower-case hex digits: which version of what we know of a fact. */
export type EventId = Branded<string, 'EventId'>
/** `ID_DIGITS` lower-case hex digits: which fact this is. */
export type FactKey = Branded<string, 'FactKey'>
/** Milliseconds since the Unix epoch, UTC. */
export type Instant = Branded<number, 'Instant'>

/**
 * Digits of a SHA-256 that make a fact key or an event id: 128 bits. Digests, which are evidence,
 * stay whole.
 */
export const ID_DIGITS = 32

export const tenantId = (value: string): TenantId => value as TenantId
export const eventId = (value: string): EventId => value as EventId
export const factKey = (value: string): FactKey => value as FactKey
export const instant = (milliseconds: number): Instant => milliseconds as Instant
