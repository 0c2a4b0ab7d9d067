import { checkoutPath } from '../package-root.ts'

/** Where the bundled feed lies: what `npm start` sends when it is given none. */
export const bundledFeedPath = (): string => checkoutPath('local/stack/feed/bundled')
