import { eventText } from '../../domain/event-json.ts'
import type { ExportedEvent } from '../../domain/exported-event.ts'
import { utf8 } from '../../domain/utf8-slab.ts'

interface Cut {
  readonly field: string
  readonly form: ExportedEvent
}

/** Ever shorter forms of an event: what tells an analyst least goes first. Forms that lose nothing are left out. */
function* cuts(event: ExportedEvent): Generator<Cut> {
  if (event.kind === 'heartbeat') {
    yield { field: 'health', form: { ...event, health: {} } }
    return
  }
  let form = event
  if (Object.keys(form.extra).length > 0) {
    form = { ...form, extra: {} }
    yield { field: 'extra', form }
  }
  if (form.kind === 'riskyIdentity') return
  if (form.additionalInfo.length > 0) {
    form = { ...form, additionalInfo: [] }
    yield { field: 'additionalInfo', form }
  }
  if (form.location !== undefined) {
    const { location: _, ...rest } = form
    form = rest
    yield { field: 'location', form }
  }
  if (form.evidence !== undefined) {
    const { evidence: _, ...rest } = form
    form = rest
    yield { field: 'evidence', form }
  }
}

/**
 * The JSON of an event that is too large for a request, with ever more left out. The mark `"cut"`, last in the object, names the
 * fields that were emptied or removed; the archive has them.
 */
export function* cutForms(event: ExportedEvent): Generator<Buffer> {
  const gone: string[] = []
  for (const { field, form } of cuts(event)) {
    gone.push(field)
    yield utf8(`${eventText(form).slice(0, -1)},"cut":${JSON.stringify(gone)}}`)
  }
}
