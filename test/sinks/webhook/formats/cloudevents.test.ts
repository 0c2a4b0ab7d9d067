import { CloudEvent, HTTP } from 'cloudevents'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudEvent } from '../../../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import { arbitraryArchivedEvent } from '../../../support/arbitrary-events.ts'
import { textOf } from '../../../support/event-forms.ts'

const headers = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' }

test('the official SDK reads a batch of any events, and finds each valid', () => {
  fc.assert(
    fc.property(fc.array(arbitraryArchivedEvent, { minLength: 1, maxLength: 4 }), (events) => {
      const written = events.map((event) => textOf(cloudEvent, event))
      const read = HTTP.toEvent({ headers, body: `[${written.join(',')}]` })
      const list = Array.isArray(read) ? read : [read]
      expect(list.map(({ id }) => id)).toEqual(events.map(({ event }) => event.eventId))
      for (const [index, one] of list.entries()) {
        expect(new CloudEvent(one).validate()).toBe(true)
        expect(one.data).toEqual(JSON.parse(written[index] ?? '').data)
      }
    }),
  )
})
