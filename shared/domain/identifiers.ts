/** Branded types: an event id cannot be passed where a fact key is expected. */
declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** Lower-case GUID of an Entra tenant. */
export type TenantId = Branded<string, 'TenantId'>
/** `ID_DIGITS` lower-case hex digits; identifies a version of a fact. */
export type EventId = Branded<string, 'EventId'>
/** `ID_DIGITS` lower-case hex digits; identifies a fact. */
export type FactKey = Branded<string, 'FactKey'>
/** Milliseconds since the Unix epoch, UTC. */
export type Instant = Branded<number, 'Instant'>

/** Hex digits of a fact key or event id: SHA-256 cut to 128 bits. Digests are never cut. */
export const ID_DIGITS = 32

export const tenantId = (value: string): TenantId => value as TenantId
export const eventId = (value: string): EventId => value as EventId
export const factKey = (value: string): FactKey => value as FactKey
export const instant = (milliseconds: number): Instant => milliseconds as Instant
