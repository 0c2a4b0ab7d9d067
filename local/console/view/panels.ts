import type { Html } from '../../../shared/encoding/html.ts'
import type { StackState } from '../stack-state.ts'
import { detectionsView } from './detections-view.ts'
import { eventsView } from './events-view.ts'
import { faultsView } from './faults-view.ts'
import { flowView } from './flow-view.ts'
import { identitiesView } from './identities-view.ts'
import { ledgerView } from './ledger-view.ts'
import { statusView } from './status-view.ts'
import { switchesView } from './switches-view.ts'

/** The parts of the page that change while it is open, and their element ids. */
export const PANEL_IDS = [
  'status',
  'flow',
  'switches',
  'identities',
  'detections',
  'ledger',
  'events',
  'faults',
] as const
export type PanelId = (typeof PANEL_IDS)[number]
export type Panels = Readonly<Record<PanelId, Html>>

/** All parts, for one state. */
export const panelsOf = (state: StackState): Panels => ({
  status: statusView(state),
  flow: flowView(state),
  switches: switchesView(state),
  identities: identitiesView(state),
  detections: detectionsView(state),
  ledger: ledgerView(state),
  events: eventsView(state),
  faults: faultsView(state),
})

/** The markup of the parts that differ. */
export const changedPanels = (before: Panels, after: Panels): Readonly<Partial<Record<PanelId, string>>> =>
  Object.fromEntries(
    PANEL_IDS.filter((id) => before[id].markup !== after[id].markup).map((id) => [id, after[id].markup]),
  )
