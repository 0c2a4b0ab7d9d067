import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../shared/domain/identifiers.ts'
import { FINDING_CLASSES } from '../../../shared/evidence/verify/finding.ts'
import { VERDICTS } from '../../../shared/evidence/verify/verdict.ts'
import type { Verification } from '../../../shared/evidence/verify/verify.ts'
import { verificationHtml } from '../../../shared/operations/report/verification-html.ts'
import { cli } from '../../cli/cli-under-test.ts'
import { type CopyOptions, type Files, folderOf, sealedCopy } from '../../evidence/verify/sealed-copy.ts'

/** The page that `risk-export verify --html` writes about these files. */
async function pageOf(files: Files): Promise<string> {
  const path = `${await folderOf(new Map())}/page.html`
  await cli(['verify', '--dir', await folderOf(files), '--html', path])
  return readFile(path, 'utf8')
}

const pageOfCopy = async (options: CopyOptions = {}): Promise<string> =>
  pageOf((await sealedCopy(options)).files)

/** What a reader sees, in order. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')

const partOf = (page: string, heading: string): string =>
  page.split(`<h2>${heading}</h2>`)[1]?.split('<h2>')[0] ?? ''

const edited = async (change: (files: Files) => void): Promise<string> => {
  const { files } = await sealedCopy()
  change(files)
  return pageOf(files)
}

const archived = (files: Files): readonly string[] =>
  [...files.keys()].filter((name) => name.startsWith('archive/')).sort()

describe('the page of a verification', () => {
  it.each([
    ['ok', () => pageOfCopy()],
    ['incomplete', () => pageOfCopy({ seals: [[0, 1], [4]] })],
    ['integrity', () => edited((files) => files.set(archived(files)[1] ?? '', Buffer.from('changed')))],
    ['unknown', () => pageOf(new Map([['readme.txt', Buffer.from('nothing')]]))],
  ] as const)('says %s before anything else', async (status, make) => {
    const page = await make()
    const [word, sentence = ''] = VERDICTS[status].split(': ')
    expect(textOf(page)).toMatch(
      new RegExp(
        `^ *Verification of the archive Made at [\\d: -]+\\. All times are UTC\\. ${word} ${sentence}\\.`,
        'i',
      ),
    )
    expect(page).toContain(`<div class="verdict ${status}">`)
  })

  it('needs nothing from elsewhere, and allows no script', async () => {
    const page = await pageOfCopy()
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object)|\bsrc=|\bhref=|url\(|@import|\son\w+=/i)
  })

  it('shows a gap as a hole between what was archived before and behind it', async () => {
    const coverage = partOf(await pageOfCopy({ seals: [[0, 1], [4]] }), 'Coverage by partition')
    // Messages come a second apart: 0 to 4 are the whole width, 2 and 3 lie between 1 and 4.
    expect(coverage).toContain('<i class="held" style="left:min(0%, 100% - 4px);width:100%"')
    expect(coverage).toContain(
      '<i class="hole" style="left:min(25%, 100% - 4px);width:75%" title="2 to 3 missing"',
    )
    expect(textOf(coverage)).toContain('2 missing')
  })

  it.each([
    ['missing', (files: Files, name: string) => files.delete(name)],
    ['changed', (files: Files, name: string) => files.set(name, Buffer.from('changed'))],
  ])('shows a blob that is %s as a hole', async (_, damage) => {
    const page = await edited((files) => damage(files, archived(files)[2] ?? ''))
    const coverage = partOf(page, 'Coverage by partition')
    // From the message before to the one behind: 1 and 3 of 0 to 4, a second apart.
    expect(coverage).toContain(
      '<i class="hole" style="left:min(25%, 100% - 4px);width:50%" title="2 missing"',
    )
    expect(textOf(coverage)).toContain('1 missing')
    expect(textOf(partOf(page, 'What was found'))).toContain('hence GAP')
  })

  it('names days, minutes or seconds below the timelines, as they are long', async () => {
    const coverage = textOf(partOf(await pageOfCopy(), 'Coverage by partition'))
    expect(coverage).toContain('2026-11-02 08:30:00 08:30:01 08:30:02 08:30:03 08:30:04')
  })

  it('shows what the hub lost behind the last archived message as a hole, and the rest as not read', async () => {
    const partitions = [{ beginningSequenceNumber: 8, lastSequenceNumber: 9 }]
    const coverage = partOf(await pageOfCopy({ partitions }), 'Coverage by partition')
    expect(coverage).toMatch(/<i class="hole" [^>]* title="3 behind 4 missing">/)
    expect(coverage).toMatch(/<i class="open" [^>]* title="2 pending">/)
  })

  it('shows a partition of which nothing was archived as one hole', async () => {
    const partitions = [{ lastSequenceNumber: 4 }, { partition: '1', lastEnqueuedAt: 0 as never }]
    const coverage = partOf(await pageOfCopy({ partitions }), 'Coverage by partition')
    expect(coverage).toContain('title="nothing of it is in the archive"')
    expect(textOf(coverage)).toContain('Partition 1 nothing 42 missing')
  })

  it('draws each checkpoint as it was found, and how much of the archive is as sealed', async () => {
    const page = await edited((files) => {
      files.delete(archived(files)[0] ?? '')
      const [older] = [...files.keys()].filter((name) => /checkpoints\/\d+$/.test(name)).sort()
      files.set(older ?? '', Buffer.from('forged'))
    })
    const log = partOf(page, 'The log')
    expect([...log.matchAll(/<i class="(\w+)" title="\d+ lea/g)].map(([, tone]) => tone)).toEqual([
      'hole',
      'held',
    ])
    expect(textOf(log)).toContain('4 blobs as sealed, 0 changed, 1 missing, 0 not sealed')
    expect(log).toMatch(/<i class="hole" style="flex:1 1 0" title="0 changed, 1 missing">/)
    const unsigned = partOf(await pageOfCopy({ isSigned: false }), 'The log')
    expect([...unsigned.matchAll(/<i class="(\w+)" title="\d+ lea/g)].map(([, tone]) => tone)).toEqual([
      'open',
      'open',
    ])
    expect(textOf(unsigned)).toContain('not signed')
  })

  it('counts records by day', async () => {
    const days = partOf(await pageOfCopy(), 'Records by day')
    expect(days).toContain('title="2026-11-02: 5 records in 5 blobs"')
    expect(textOf(days)).toContain('5 records on 1 day; at most 5 on one.')
  })

  it('gives each finding with its meaning and its remedy, and notes last', async () => {
    const page = await edited((files) => files.set(archived(files)[1] ?? '', Buffer.from('changed')))
    const text = textOf(page)
    const places = (['BLOB_CHANGED', 'KEY_NOT_GIVEN'] as const).map((name) => {
      const { meaning, remedy } = FINDING_CLASSES[name]
      expect(text).toContain(meaning)
      expect(text).toContain(`What to do: ${remedy}`)
      return text.indexOf(meaning)
    })
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(textOf(partOf(page, 'What was found'))).toContain(
      archived((await sealedCopy()).files)[1]?.replace('archive/', ''),
    )
  })

  it('puts what follows from a finding below it, and what weighs by that among the problems', () => {
    const gap = { class: 'GAP', subject: 'ns/hub/p=0', detail: 'sequence numbers 7' } as const
    const findings = [
      { class: 'KEY_NOT_GIVEN', subject: 'keys', detail: 'k', consequences: [gap] },
      { class: 'WORM_ONLY', subject: 'log', detail: '<b>' },
    ] as const
    const looked = {} as Verification['looked']
    const found = {
      status: 'incomplete',
      findings,
      looked,
      log: undefined,
      partitions: [],
      days: [],
    } as const
    const page = verificationHtml(found, instant(0))
    expect(partOf(page, 'What was found')).toContain(
      '<li>keys: k<ul><li>hence GAP: ns/hub/p=0: sequence numbers 7</li></ul></li>',
    )
    expect(partOf(page, 'Notes')).toContain('log: &lt;b&gt;')
    expect(page).not.toMatch(/<h3>GAP/)
  })

  it('lists 50 findings of a class, and counts the others', async () => {
    const numbers = Array.from({ length: 53 }, (_, n) => n)
    const { files } = await sealedCopy({ seals: [numbers], partitions: [{ lastSequenceNumber: 52 }] })
    for (const name of archived(files).slice(1)) files.delete(name)
    const found = partOf(await pageOf(files), 'What was found')
    expect(found).toContain('and 2 more')
  })

  it('holds no markup that a file name brought along', async () => {
    const page = await edited((files) =>
      files.set('evidence/keys/<script>alert(1)<.pem', Buffer.from('<img src=x onerror=alert(1)>')),
    )
    expect(page).not.toMatch(/<script|<img/)
    expect(page).toContain('&lt;script&gt;')
  })
})
