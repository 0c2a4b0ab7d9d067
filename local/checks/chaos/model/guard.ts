import { DurabilityError } from '../../../../shared/domain/durability-error.ts'
import type { Dice } from '../dice.ts'
import type { Ports } from './durable.ts'

/** What stands between a program and its storage. */
export interface Weather {
  /** How likely an operation fails before it does anything. */
  failing: number
  /** How likely an operation is done, and its answer is lost. */
  losing: number
  /** How likely the archive says of what it did not store that it is there. */
  lying: number
  /** Operations that failed or lost their answer. */
  faults: number
}

/** A process: once it is dead, nothing that it had begun goes on. */
export interface Life {
  readonly died: Promise<'died'>
  isDead(): boolean
  die(): void
}

export function life(): Life {
  let dead = false
  let die = (): void => undefined
  const died = new Promise<'died'>((resolve) => {
    die = () => {
      dead = true
      resolve('died')
    }
  })
  return { died, isDead: () => dead, die: () => die() }
}

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** Work that stops with the process. */
export const whileAlive =
  <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>, self: Pick<Life, 'isDead'>) =>
  async (...args: A): Promise<R> => {
    if (self.isDead()) return never()
    const result = await work(...args)
    return self.isDead() ? never() : result
  }

/** The storage as one process meets it, in all weathers. */
/** What is asked of the storage. */
export type StorageWork =
  | 'archive'
  | 'dead letter'
  | `${'read' | 'write'} mark`
  | 'ring'
  | keyof Ports['outbox']

/** @param onFault told of what failed, or lost its answer */
export function guardedPorts(
  ports: Ports,
  self: Pick<Life, 'isDead'>,
  weather: Weather,
  dice: Dice,
  onFault: (doing: StorageWork) => void,
): Ports {
  const fault = (doing: StorageWork): DurabilityError => {
    weather.faults++
    onFault(doing)
    return new DurabilityError(doing, undefined)
  }
  const guarded = <A extends readonly unknown[], R>(doing: StorageWork, work: (...args: A) => Promise<R>) =>
    whileAlive(async (...args: A): Promise<R> => {
      if (dice.chance(weather.failing)) throw fault(doing)
      const result = await work(...args)
      if (dice.chance(weather.losing)) throw fault(doing)
      return result
    }, self)
  const { archive, deadLetters, outbox, doorbell, marks, receipts } = ports
  return {
    archive: { write: guarded('archive', (...args) => archive.write(...args)) },
    deadLetters: { bury: guarded('dead letter', (...args) => deadLetters.bury(...args)) },
    outbox: {
      append: guarded('append', (...args) => outbox.append(...args)),
      owes: guarded('owes', (...args) => outbox.owes(...args)),
      rows: guarded('rows', (...args) => outbox.rows(...args)),
      remove: guarded('remove', (...args) => outbox.remove(...args)),
      replace: guarded('replace', (...args) => outbox.replace(...args)),
      acquire: guarded('acquire', (...args) => outbox.acquire(...args)),
      renew: guarded('renew', (...args) => outbox.renew(...args)),
      release: guarded('release', (...args) => outbox.release(...args)),
      owing: guarded('owing', (...args) => outbox.owing(...args)),
      survey: guarded('survey', (...args) => outbox.survey(...args)),
      setAside: guarded('setAside', (...args) => outbox.setAside(...args)),
    },
    doorbell: { ring: guarded('ring', (...args) => doorbell.ring(...args)) },
    marks: {
      read: guarded('read mark', (...args) => marks.read(...args)),
      write: guarded('write mark', (...args) => marks.write(...args)),
    },
    // Receipts are the one port that never throws.
    receipts: {
      file: whileAlive((...args) => receipts.file(...args), self),
      fileRows: whileAlive((...args) => receipts.fileRows(...args), self),
    },
  }
}
