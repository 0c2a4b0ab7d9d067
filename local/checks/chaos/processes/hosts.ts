import { type HostProcess, startHostProcess } from '../../../stack/host-process.ts'
import type { DisruptionLog } from './disruption-log.ts'

/** The lifetime of a process. */
export interface HostLife {
  readonly process: string
  readonly from: number
  to: number
}

/** Function hosts as processes that come and go, each in a numbered slot. */
export interface Hosts {
  /**
   * Starts a host, unless the slot is taken. If it dies while starting, it was configured to: no
   * error.
   */
  start(slot: number, environment: Readonly<Record<string, string>>): Promise<void>
  /** SIGKILL. */
  kill(slot: number): Promise<void>
  isRunning(slot: number): boolean
  /** All hosts ever started, in that order. */
  lives(): readonly HostLife[]
  /** Hosts that did not end by a regular stop. */
  kills(): number
  stopAll(): Promise<void>
}

interface HostsOptions {
  /** App settings. */
  readonly environment: Readonly<Record<string, string>>
  readonly log: DisruptionLog
  readonly nowMs: () => number
  readonly say: (line: string) => void
}

export function startHosts({ environment: base, log, nowMs, say }: HostsOptions): Hosts {
  const running = new Map<number, HostProcess>()
  const lives: HostLife[] = []
  let kills = 0
  return {
    async start(slot, environment) {
      if (running.has(slot)) return
      const life = { process: `process ${lives.length + 1}`, from: nowMs(), to: Number.POSITIVE_INFINITY }
      lives.push(life)
      try {
        const host = await startHostProcess({
          environment: { ...base, ...environment },
          onLog: (level, line) => {
            if (level !== 'information' && level !== 'debug') say(`host ${slot} ${level}: ${line}`)
          },
        })
        running.set(slot, host)
        say(`host ${slot} is process ${host.pid} ${Object.keys(environment).join(' ')}`)
        void host.exited.then(() => {
          life.to = nowMs()
          if (running.get(slot) !== host) return
          running.delete(slot)
          kills++
          log.strike(`host ${slot} has ended`)
          say(`host ${slot} has ended`)
        })
      } catch (error) {
        kills++
        life.to = nowMs()
        log.strike(`host ${slot} did not start`)
        say(`host ${slot} did not start: ${String(error)}`)
      }
    },
    async kill(slot) {
      const host = running.get(slot)
      if (host === undefined) return
      running.delete(slot)
      kills++
      await log.during(`host ${slot} was killed`, () => host.kill())
      say(`host ${slot} was killed`)
    },
    lives: () => lives,
    isRunning: (slot) => running.has(slot),
    kills: () => kills,
    async stopAll() {
      const all = [...running.values()]
      running.clear()
      await Promise.all(all.map((host) => host.stop()))
    },
  }
}
