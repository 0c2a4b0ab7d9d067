import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkoutPath, packageRoot } from '../../local/stack/package-root.ts'

it('is found from any depth of the checkout', () => {
  expect(packageRoot(checkoutPath('local/stack/feed/bundled'))).toBe(checkoutPath('.').replace(/\/\.?$/, ''))
})

it('is not found outside of any package', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'root-'))
  expect(packageRoot(folder)).toBeUndefined()
  await rm(folder, { recursive: true })
})
