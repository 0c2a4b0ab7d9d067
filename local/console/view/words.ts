import type { IdentityType } from '../../../shared/domain/category.ts'
import type { SinkState } from '../stack-state.ts'

/** `1,234`. */
export const count = (n: number): string => n.toLocaleString('en-US')

/** `1 record`, `2 records`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`

/** `7 Sep 2026, 07:08:41`, UTC. */
export function dateTime(atMs: number): string {
  const iso = new Date(atMs).toISOString()
  return `${day(atMs)} ${iso.slice(0, 4)}, ${iso.slice(11, 19)}`
}

/** `7 Sep`, UTC. */
export function day(atMs: number): string {
  const at = new Date(atMs)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`
}

/** `07:08`, UTC. */
export const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const STATES: Readonly<Record<string, string>> = {
  atRisk: 'At risk',
  confirmedCompromised: 'Confirmed compromised',
  confirmedSafe: 'Confirmed safe',
  dismissed: 'Dismissed',
  remediated: 'Remediated',
  none: 'None',
}

/** A risk state for display; unknown ones as sent by Microsoft. */
export const stateName = (state: string | undefined): string =>
  state === undefined ? 'Not stated' : (STATES[state] ?? state)

const SINKS: Readonly<Record<string, string>> = {
  'log-analytics': 'Log Analytics',
  'event-hub': 'Event Hub out',
  webhook: 'SIEM webhook',
}

/** The unit of the number of delivered events. */
export const deliveredUnit = (state: SinkState['state']): string => DELIVERED[state]

const DELIVERED: Readonly<Record<SinkState['state'], string>> = {
  up: 'delivered',
  catchingUp: 'delivered, catching up',
  down: 'delivered, now down',
}

export const sinkName = (name: string): string => SINKS[name] ?? name

export const identityTypeName = (type: IdentityType): string => {
  switch (type) {
    case 'servicePrincipal':
      return 'Service principal'
    case 'agent':
      return 'Agent'
    case 'user':
      return 'User'
  }
}
