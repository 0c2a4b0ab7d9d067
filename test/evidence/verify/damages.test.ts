import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FINDING_CLASSES, type FindingName } from '../../../shared/evidence/verify/finding.ts'
import { generatedSection } from '../../support/generated-section.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'
import { storeCopy } from './copy-in-account.ts'
import { DAMAGES, type Damage, damaged } from './damages.ts'
import { type Verdict, verdictOf, verdictOfFolder } from './verdict-under-test.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

const CLASSES = Object.keys(FINDING_CLASSES) as readonly FindingName[]
const sorted = (classes: readonly FindingName[]) =>
  classes.toSorted((a, b) => CLASSES.indexOf(a) - CLASSES.indexOf(b))
const found = ({ classes, code }: Verdict) => ({ classes: sorted(classes), code })

/** Of the account, not of its files: test/composition/container-policies.test.ts shows them. */
const OF_ACCOUNTS: readonly FindingName[] = ['POLICY_UNLOCKED', 'POLICY_NOT_READ']

/** Whether none before it shows the same class: those are looked at in an account, too. */
const isFirst = (damage: Damage): boolean =>
  DAMAGES.find(({ finds }) => finds[0] === damage.finds[0]) === damage

describe('damage to a sealed archive', () => {
  it.each(DAMAGES)('$what: $finds', async (damage) => {
    const { files, given } = await damaged(damage)
    const expected = { classes: sorted(damage.finds), code: damage.code }
    expect(found(await verdictOfFolder(files, given))).toEqual(expected)
    if (!isFirst(damage)) return
    await storeCopy(azurite, files)
    // Azurite protects nothing.
    expect(found(await verdictOf(['--account', azurite.blobUrl], given))).toEqual({
      ...expected,
      classes: sorted([...damage.finds, 'POLICY_UNLOCKED']),
    })
  })

  it('shows every class there is as a root cause', () => {
    const shown = new Set([...DAMAGES.map(({ finds: [root] }) => root), ...OF_ACCOUNTS])
    expect(CLASSES.filter((name) => !shown.has(name))).toEqual([])
  })

  it('is listed in docs/auditors.md, with all that it brings', () => {
    const rows = DAMAGES.map(
      ({ what, finds, code }) => `| ${what} | ${finds.map((name) => `\`${name}\``).join(', ')} | ${code} |`,
    )
    const table = ['| what happened | finds | exit code |', '| --- | --- | --- |', ...rows].join('\n')
    expect(generatedSection('docs/auditors.md', 'damages', table)).toBe(table)
  })
})
