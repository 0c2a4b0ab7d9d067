/** How many of something to try: few in the everyday suite, more in `npm run test:long`. */
export const runLength = (everyday: number, long: number): number =>
  process.env['LONG_RUN'] === '1' ? long : everyday
