import { readFileSync } from 'node:fs'
import { checkoutPath } from '../stack/package-root.ts'

/** A file that the page refers to. */
export interface Asset {
  readonly contentType: string
  readonly text: string
}

const STYLES = ['base', 'head', 'flow', 'risk', 'switches', 'ledger', 'records', 'feed', 'narrow']

const read = (name: string): string => readFileSync(checkoutPath(`local/console/assets/${name}`), 'utf8')

/** Everything the page refers to, by path; nothing external. */
export const loadAssets = (): ReadonlyMap<string, Asset> =>
  new Map([
    [
      '/page.css',
      { contentType: 'text/css; charset=utf-8', text: STYLES.map((name) => read(`${name}.css`)).join('\n') },
    ],
    ['/page.js', { contentType: 'text/javascript; charset=utf-8', text: read('page.js') }],
    ['/icon.svg', { contentType: 'image/svg+xml', text: read('icon.svg') }],
  ])
