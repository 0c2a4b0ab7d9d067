import { expect, it } from 'vitest'
import { startOptions, UsageError } from '../../../local/stack/start-options.ts'

// That a process ends with such an error: test/local/start.test.ts.
it.each([
  [['--json'], /^--json requires --once\./],
  [['--keep', 'x'], /^--keep requires --once\./],
  [['--once', '--port', '1'], /^--port cannot be used with --once/],
  [['--once', '--webhook', 'https://a.example'], /^--webhook cannot be used with --once/],
  [['--ca', 'x'], /^--ca requires --webhook\./],
  [['--webhook', 'http://a.example'], /^--webhook: expected an https URL\./],
  [['--webhook', 'a.example'], /^--webhook: expected an https URL\./],
])('the options %j of npm start are refused, and it is said why', (args, says) => {
  const refused = () => startOptions(args)
  expect(refused).toThrow(UsageError)
  expect(refused).toThrow(says)
})

it.each([
  [[], undefined],
  [
    ['--feed', 'a', '--feed', 'b'],
    ['a', 'b'],
  ],
  [['--feed', 'none'], []],
])('%j sends the feeds %j', (args, feeds) => {
  expect(startOptions(args).feeds).toEqual(feeds)
})
