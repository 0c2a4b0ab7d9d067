import type { LocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import type { PageSteps } from './page-steps.ts'

/** Where pages are followed. */
export interface World {
  readonly authority: LocalAuthority
  /** Names of this machine, for certificates. */
  readonly hosts: readonly string[]
  /** File with the authority's certificate. */
  readonly caFile: string
  /** An empty folder. */
  readonly folder: string
}

/** An event as a product has it. */
export interface Arrived {
  readonly eventId: string
  readonly kind: string
}

/** A page that was followed up to its settings, and the stand-in for its product. */
export interface Followed {
  /** Name of the destination; in settings, in capitals. */
  readonly name: string
  readonly steps: PageSteps
  /** As on the page. */
  readonly settings: Readonly<Record<string, string>>
  readonly arrived: () => readonly Arrived[]
  /** What arrived otherwise than the page says. */
  readonly problems: () => readonly string[]
  readonly stop: () => Promise<void>
}
