import { DurabilityError } from '../../../../shared/domain/durability-error.ts'
import type { Prng } from '../prng.ts'
import type { Ports } from './durable.ts'

/** Conditions between a program and its storage. */
export interface Conditions {
  /** Probability that an operation fails without effect. */
  failing: number
  /** Probability that an operation succeeds but its answer is lost. */
  losing: number
  /** Probability that the archive claims to have a blob that it did not store. */
  lying: number
  /** Operations that failed or lost their answer. */
  faults: number
}

/** A process; once dead, none of its pending work continues. */
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

/** Never settles, for work of a dead process. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** Work that stops with its process. */
export const whileAlive =
  <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>, self: Pick<Life, 'isDead'>) =>
  async (...args: A): Promise<R> => {
    if (self.isDead()) return never()
    const result = await work(...args)
    return self.isDead() ? never() : result
  }

/** Operations on the storage. */
export type StorageWork =
  | 'archive'
  | 'dead letter'
  | `${'read' | 'write'} settled range`
  | 'send'
  | keyof Ports['outbox']

/**
 * Ports as seen by one process under the current conditions.
 * @param onFault called for operations that failed or lost their answer
 */
export function guardedPorts(
  ports: Ports,
  self: Pick<Life, 'isDead'>,
  conditions: Conditions,
  prng: Prng,
  onFault: (doing: StorageWork) => void,
): Ports {
  const fault = (doing: StorageWork): DurabilityError => {
    conditions.faults++
    onFault(doing)
    return new DurabilityError(doing, undefined)
  }
  const guarded = <A extends readonly unknown[], R>(doing: StorageWork, work: (...args: A) => Promise<R>) =>
    whileAlive(async (...args: A): Promise<R> => {
      if (prng.chance(conditions.failing)) throw fault(doing)
      const result = await work(...args)
      if (prng.chance(conditions.losing)) throw fault(doing)
      return result
    }, self)
  const { archive, deadLetters, outbox, wakeUps, settledRanges, receipts } = ports
  return {
    archive: { write: guarded('archive', (...args) => archive.write(...args)) },
    deadLetters: { write: guarded('dead letter', (...args) => deadLetters.write(...args)) },
    outbox: {
      append: guarded('append', (...args) => outbox.append(...args)),
      pendingUntil: guarded('pendingUntil', (...args) => outbox.pendingUntil(...args)),
      rows: guarded('rows', (...args) => outbox.rows(...args)),
      rowsOfBlob: guarded('rows', (...args) => outbox.rowsOfBlob(...args)),
      remove: guarded('remove', (...args) => outbox.remove(...args)),
      replace: guarded('replace', (...args) => outbox.replace(...args)),
      acquire: guarded('acquire', (...args) => outbox.acquire(...args)),
      renew: guarded('renew', (...args) => outbox.renew(...args)),
      release: guarded('release', (...args) => outbox.release(...args)),
      pendingPartitions: guarded('pendingPartitions', (...args) => outbox.pendingPartitions(...args)),
      summary: guarded('summary', (...args) => outbox.summary(...args)),
      setAside: guarded('setAside', (...args) => outbox.setAside(...args)),
    },
    wakeUps: { send: guarded('send', (...args) => wakeUps.send(...args)) },
    settledRanges: {
      read: guarded('read settled range', (...args) => settledRanges.read(...args)),
      write: guarded('write settled range', (...args) => settledRanges.write(...args)),
    },
    // The receipts port never throws.
    receipts: {
      file: whileAlive((...args) => receipts.file(...args), self),
      fileRows: whileAlive((...args) => receipts.fileRows(...args), self),
    },
  }
}
