import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SinkState, StackState } from '../../../local/console/stack-state.ts'
import { pageView } from '../../../local/console/view/page-view.ts'
import { changedPanels, panelsOf } from '../../../local/console/view/panels.ts'
import { bundledFeedPath } from '../../../local/stack/feed/bundled-feed.ts'
import { readFeed } from '../../../local/stack/feed/read-feed.ts'
import { anyCodePoint } from '../../support/any-code-point.ts'
import { archiveLines } from '../../support/archive-lines.ts'
import { detectionRecord, riskyRecord, settledSink, stateAfter } from '../../support/page-state.ts'

const PAGE = 'http://127.0.0.1:8080/'
const sink = (change: Partial<SinkState>) => settledSink('log-analytics', 0, change)
const words = (markup: string) =>
  markup
    .replace(/<title>.*?<\/title>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

describe('the page', () => {
  it('says what is to come while nothing has come in', () => {
    const page = words(pageView(stateAfter([]), PAGE))
    expect(page).toContain('Waiting for the first message')
    expect(page).toContain('No identities yet.')
    expect(page).toContain('No detections yet.')
    expect(page).toContain('No events yet.')
    expect(page).toContain('Everything received could be read.')
  })

  it('shows the bundled feed: who is at risk, what was found, what could not be read', async () => {
    const feed = await readFeed(bundledFeedPath())
    const state = stateAfter(archiveLines(feed.map(({ body }) => body)))
    const panels = panelsOf(state)
    expect(words(panels.status.markup)).toContain('Every event is settled')
    expect(words(panels.identities.markup)).toContain(
      'high Brightledger Invoice Reader Service principal, sign-in disabled At risk',
    )
    expect(words(panels.identities.markup)).toContain('hidden warehouse-sync')
    expect(words(panels.detections.markup)).toContain('Leaked credentials')
    expect(panels.detections.markup).toContain('<code>unusualCredentialUse</code>')
    expect(words(panels.ledger.markup)).toContain('57 records = 44 events + 10 faults + 3 skipped')
    expect(words(panels.faults.markup)).toContain('The record has no category.')
    expect(panels.flow.markup).toContain(
      'Flow: 29 messages from the Event Hub hold 57 records: 44 events, 10 faults, 3 skipped.',
    )
  })

  it('says why a sink cannot be set up', () => {
    const state = stateAfter(archiveLines([riskyRecord()]))
    const problem = 'WEBHOOK_SOC_TOKEN: <the reference is not resolved>'
    const sinks = [settledSink('soc', 0, { state: 'down', problem }), sink({})]
    expect(words(panelsOf({ ...state, sinks }).ledger.markup)).toMatch(
      /soc WEBHOOK_SOC_TOKEN: &lt;the reference is not resolved&gt; .*Log Analytics accepting deliveries/,
    )
  })

  it('shows the head of the log, who signed it, and what waits for the next seal', () => {
    const state = stateAfter(archiveLines([riskyRecord()]))
    const ledger = (change: Partial<StackState>) => panelsOf({ ...state, ...change }).ledger.markup
    const log = { size: 1234, root: 'bm90aGluZyBidXQgYSByb290', sealedAt: Date.UTC(2026, 2, 1, 9, 20) }
    const signed = ledger({ log: { ...log, keyId: '0badcafe' } })
    expect(words(signed)).toMatch(
      /1,234 leaves, root bm90aGluZyBi\u2026 .* 09:20.* by key 0badcafe Unsealed blobs none/,
    )
    expect(signed).toContain('title="bm90aGluZyBidXQgYSByb290"')
    const waiting = words(ledger({ log, archive: { blobs: 3, lines: 3, unsealed: 2 } }))
    expect(waiting).toContain('none: wormOnly , only')
    expect(waiting).toContain('2 , added by the next seal')
    expect(words(ledger({ log: undefined }))).toContain('the archive is not sealed yet')
    expect(
      changedPanels(panelsOf({ ...state, log }), panelsOf({ ...state, log: { ...log, size: 1235 } })),
    ).toEqual({
      ledger: expect.stringContaining('1,235'),
    })
  })

  it('says so when a sink is down, has pending or has given up, and how many are on the way', () => {
    const lines = archiveLines([
      riskyRecord(),
      riskyRecord({ riskLevel: 'low' }),
      riskyRecord({ riskLevel: 'medium' }),
      detectionRecord(),
    ])
    const webhook = settledSink('webhook', 1, {
      pending: 1,
      deadLettered: 1,
      onTheWay: 1,
      state: 'down',
      received: 1,
    })
    const panels = panelsOf(stateAfter(lines, { sinks: [settledSink('log-analytics', 4), webhook] }))
    expect(words(panels.status.markup)).toContain('SIEM webhook is down, 1 pending')
    expect(words(panels.ledger.markup)).toContain(
      'SIEM webhook not accepting deliveries 4 1 1 1 0 0 1 0 1 0 not measured',
    )
    expect(panels.flow.markup).toContain('SIEM webhook, which is down: 1 delivered, 1 pending, 1 dead letter')
  })

  it('have room for the words beside the lines, however many sinks there are', () => {
    for (const count of [2, 8, 20]) {
      const sinks = Array.from({ length: count }, (_, i) => settledSink(`soc${i}`, 4))
      const { flow, switches } = panelsOf(stateAfter(archiveLines([riskyRecord()]), { sinks }))
      for (const { name } of sinks) expect(switches.markup).toContain(name)
      const [, tall = ''] = flow.markup.split('class="flow tall"')
      const places = [...tall.matchAll(/class="station-name" x="([\d.]+)"/g)].map(([, x]) => Number(x))
      expect(places).toHaveLength(3 + count)
      // Of 384, what is pending and dead takes 190.
      expect(Math.max(...places)).toBeLessThanOrEqual(150)
    }
  })

  it.each<[string, string, Partial<StackState>]>([
    ['a receiver holds none of 39', 'bad 39 missing', { sinks: [sink({ delivered: 0, missing: 39 })] }],
    [
      'a message lies unread for 20 s',
      'bad 1 message unread on the hub for 20 s',
      { unread: 1, unreadForMs: 20_000 },
    ],
    ['a message was just sent', 'busy 1 message not read yet', { unread: 1, unreadForMs: 900 }],
    ['the host is at work', 'busy 3 on the way', { sinks: [sink({ onTheWay: 3 })] }],
    [
      'two sinks are behind in a burst',
      'busy Catching up, 1,200 pending',
      { sinks: [sink({ pending: 600, state: 'catchingUp' }), sink({ pending: 600, state: 'catchingUp' })] },
    ],
    [
      'two sinks are down',
      'bad 2 sinks are down',
      { sinks: [sink({ state: 'down' }), sink({ state: 'down' })] },
    ],
    ['an event was given up', 'bad Settled, 1 dead-lettered', { sinks: [sink({ deadLettered: 1 })] }],
    ['the storage does not answer', 'bad These figures are out of date', { problem: 'no answer' }],
    ['all went well', 'good Every event is settled', { sinks: [sink({ delivered: 39 })] }],
  ])('says how things stand when %s', (_, says, change) => {
    const { markup } = panelsOf(stateAfter(archiveLines([riskyRecord()]), change)).status
    const tone = /class="status (\w+)"/.exec(markup)?.[1]
    expect(`${tone}${words(markup).replace(/ Running.*/, '')}`).toBe(says)
  })

  it('has a switch per emulated receiver that says how it behaves, and none for a receiver of your own', () => {
    const { behaviour: _, ...own } = settledSink('webhook', 1)
    const sinks = [settledSink('log-analytics', 1, { behaviour: 'refusing' }), own]
    const { switches, ledger } = panelsOf(stateAfter(archiveLines([riskyRecord()]), { sinks }))
    const buttons = [
      ...switches.markup.matchAll(/data-sink="([^"]*)" data-behaviour="([^"]*)" aria-pressed="([^"]*)"/g),
    ]
    expect(buttons.map(([, ...parts]) => parts.join(' '))).toEqual([
      'log-analytics healthy false',
      'log-analytics slow false',
      'log-analytics refusing true',
      'log-analytics down false',
    ])
    expect(words(switches.markup)).toContain('SIEM webhook your own receiver')
    expect(words(ledger.markup)).toContain('its figures are those of the delivery receipts')
  })

  it('holds no markup, script or style that a record brought along', () => {
    const hostile = fc.oneof(
      fc.string({ unit: anyCodePoint }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onclick='x",
        '</pre><style>*{}</style>',
        '<!--',
        '&lt;script&gt;',
      ),
    )
    const skeleton = (text: string) => {
      const risk = { riskLevel: text, riskState: text }
      const bodies = [
        riskyRecord({ displayName: text, ...risk }),
        detectionRecord({ id: text, riskEventType: text, servicePrincipalDisplayName: text }),
      ]
      return pageView(stateAfter(archiveLines(bodies)), PAGE).match(/<\/?[a-z!][^\s>]*/gi)
    }
    const harmless = skeleton('z')
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(`z${text}`)).toEqual(harmless)
      }),
      { numRuns: 60 },
    )
  })

  it('needs no inline script or style, and nothing from elsewhere', () => {
    const page = pageView(stateAfter(archiveLines([riskyRecord()])), PAGE)
    expect(page).not.toMatch(/<script(?![^>]*\bsrc="\/)/)
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/)
    expect(
      [...page.matchAll(/(?:src|href)="([^"]*)"/g)]
        .map(([, to]) => to)
        .filter((to) => !/^[#/](?!\/)/.test(to ?? '')),
    ).toEqual([])
  })

  it('changes only the parts that differ', () => {
    const before = stateAfter(archiveLines([riskyRecord()]))
    const after = { ...before, sinks: before.sinks.map((s) => ({ ...s, received: s.received + 1 })) }
    expect(changedPanels(panelsOf(before), panelsOf(before))).toEqual({})
    expect(Object.keys(changedPanels(panelsOf(before), panelsOf(after)))).toEqual(['ledger'])
  })

  it('has a name for every mark that it refers to, and every heading that it is labelled by', () => {
    const page = pageView(stateAfter(archiveLines([riskyRecord(), detectionRecord()])), PAGE)
    const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))
    const refs = [...page.matchAll(/(?:href="#|aria-labelledby="|for=")([^"]*)"/g)].map(([, id]) => id)
    expect(refs.filter((id) => !ids.has(id))).toEqual([])
    expect(ids.size).toBe([...page.matchAll(/\sid="/g)].length)
  })
})
