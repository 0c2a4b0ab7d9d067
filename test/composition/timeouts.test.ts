import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { InFlight } from '../../shared/composition/in-flight.ts'
import { systemTime } from '../../shared/composition/system-time.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const LIMIT_MS = 50
const FAR_MS = 2000
const MOST_COLLECTIONS = 20

/** Waits as a sink does: with a listener on the signal, and nothing else that knows of it. */
const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('It never aborted.')), FAR_MS)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(late)
        resolve(signal.reason)
      },
      { once: true },
    )
  })

async function collected<T>(waiting: Promise<T>): Promise<T> {
  for (let i = 0; i < 5; i++) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return waiting
}

it('a timeout fires, whatever garbage is collected meanwhile', async () => {
  const reason = await collected(aborted(systemTime.limit(LIMIT_MS).signal))
  expect(reason).toMatchObject({ name: 'TimeoutError' })
})

it('a timeout joined to another signal fires, whatever garbage is collected meanwhile', async () => {
  const other = new AbortController()
  const joined = (): AbortSignal => AbortSignal.any([systemTime.limit(LIMIT_MS).signal, other.signal])
  expect(await collected(aborted(joined()))).toMatchObject({ name: 'TimeoutError' })
})

it('the timeout of a delivery fires, whatever garbage is collected meanwhile', async () => {
  const time = new InFlight().deliveryTime(systemTime)
  expect(await collected(aborted(time.limit(LIMIT_MS).signal))).toMatchObject({ name: 'TimeoutError' })
})

it('the timeouts of all deliveries under way end when the process is to stop, and later ones have ended', async () => {
  const inFlight = new InFlight()
  const time = inFlight.deliveryTime(systemTime)
  const waiting = [1, 2, 3].map(() => aborted(time.limit(FAR_MS * 2).signal))
  await inFlight.stop(0, systemTime)
  await Promise.all(waiting)
  expect(time.limit(FAR_MS).signal.aborted).toBe(true)
})

it('what is done in time keeps no timer and nothing else', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const inFlight = new InFlight()
  const { signal, end } = inFlight.deliveryTime(systemTime).limit(FAR_MS)
  expect(vi.getTimerCount()).toBe(1)
  end()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  await inFlight.stop(0, systemTime)
  expect(signal.aborted, 'nobody knows of it any more').toBe(false)
})

it('timeouts that are over leave nothing behind', async () => {
  const time = new InFlight().deliveryTime(systemTime)
  const overAfterUse = async (): Promise<readonly WeakRef<AbortSignal>[]> => {
    const signals = Array.from({ length: 1000 }, () => time.limit(1).signal)
    await aborted(signals.at(-1) as AbortSignal)
    return signals.map((signal) => new WeakRef(signal))
  }
  const references = await overAfterUse()
  const kept = (): number => references.filter((one) => one.deref() !== undefined).length
  for (let i = 0; i < MOST_COLLECTIONS && kept() > 0; i++) await collected(Promise.resolve())
  expect(kept()).toBe(0)
})

it('what waits to try again does not wait once the process is asked to stop', async () => {
  const inFlight = new InFlight()
  const time = inFlight.deliveryTime(systemTime)
  const startedMs = systemTime.monotonicMs()
  const waiting = time.sleep(60_000)
  await inFlight.stop(0, systemTime)
  await waiting
  await time.sleep(60_000)
  expect(systemTime.monotonicMs() - startedMs).toBeLessThan(10_000)
})
