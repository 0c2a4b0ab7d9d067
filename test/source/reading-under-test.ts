import { instant, tenantId } from '../../shared/domain/identifiers.ts'
import type { Message } from '../../shared/domain/position.ts'
import type { SourceSettings } from '../../shared/source/source-settings.ts'

export const settings: SourceSettings = {
  tenantId: tenantId('00000000-aaaa-4bbb-8ccc-000000000000'),
  includeUserRisk: true,
  language: 'en',
}

export const position = {
  namespace: 'risk-hub.servicebus.windows.net',
  hub: 'entra-risk',
  partition: '2',
  sequenceNumber: 4711,
  offset: '880012',
  enqueuedAt: instant(1_778_060_700_123),
}

/** A message with this body, at a position that says nothing. */
export const messageOf = (body: string | Uint8Array): Message => ({
  position,
  body: typeof body === 'string' ? Buffer.from(body) : body,
})
